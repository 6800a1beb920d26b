# make run    the whole service on this machine        make test   everything that proves it works
# make setup  all that running needs                   make check  the quick part of make test
# make demo   load the demonstration authority again   make bench  measure speed
# make lock   resolve the requirements again
PYTHON := .venv/bin/python
# Tests and checks have servers and data of their own: they never touch those of `make run`.
TESTING := IRO_VAR=$(CURDIR)/var/test
CORES := $(shell nproc 2>/dev/null || echo 2)

export PORT

.PHONY: setup packages test-setup run test check bench demo lock

# A database that DATABASE_URL names is brought up to date by whoever runs it.
setup: packages
	@test -n "$$DATABASE_URL" || { echo "setup   | Bringing the database up to date …"; \
		exec $(PYTHON) manage.py migrate --no-input --verbosity 0; }

packages:
	@python=$$(bin/find-python) && exec "$$python" bin/setup.py run

test-setup:
	@python=$$(bin/find-python) && exec "$$python" bin/setup.py test

run: packages
	@exec $(PYTHON) -m onehost.launcher

demo: packages
	@DEMONSTRATION=true $(PYTHON) manage.py migrate --no-input
	@DEMONSTRATION=true $(PYTHON) manage.py load_demonstration

check: test-setup
	@$(TESTING) $(PYTHON) -m onehost.servers bin/check

test: check
	$(TESTING) DEMONSTRATION=true $(PYTHON) -m pytest -n $(CORES) --dist loadgroup

bench: test-setup
	@IRO_VAR=$(CURDIR)/var/bench DEMONSTRATION=true $(PYTHON) -m bench

lock:
	@python=$$(bin/find-python) && exec "$$python" bin/lock.py
