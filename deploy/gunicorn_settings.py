"""How gunicorn runs, on one machine and in a container alike; numbers come from the environment."""

import os

bind = os.environ.get("BIND", "127.0.0.1:8000")
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
timeout = 60  # seconds
graceful_timeout = 10  # seconds
max_requests = 5000
max_requests_jitter = 500
worker_tmp_dir = "/dev/shm"  # noqa: S108 - a heartbeat file, never on a slow disk
control_socket_disable = True
