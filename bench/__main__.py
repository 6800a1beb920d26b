"""Prepare a demonstration authority, alone and beside others, then measure.

Prints one JSON line a measure to standard output as it comes, and the table of all to standard error.
"""

import os
import sys
from itertools import chain

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
os.environ.setdefault("LOG_LEVEL", "ERROR")

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.utils import timezone  # noqa: E402

from alerts.services import sweep  # noqa: E402
from authorities.models import Authority  # noqa: E402
from bench import importing, neighbours, pages, sweeping, years  # noqa: E402
from bench.timing import table  # noqa: E402


def main() -> int:
    """Measure everything; exit status 0, whatever the goals: a machine that is busy measures itself."""
    everybody = prepare()
    measures = []
    for measure in chain(pages.measure(everybody), sweeping.measure(), importing.measure(), years.measure()):
        print(measure.line(), flush=True)
        measures.append(measure)
    print(table(measures), file=sys.stderr)
    return 0


def prepare() -> list[pages.Person]:
    """Both databases with their alerts raised; the people who will ask for pages, signed in to both."""
    print("Preparing the demonstration authority, alone and beside others…", file=sys.stderr)
    call_command("migrate", interactive=False, verbosity=0)
    with open(os.devnull, "w") as silence:
        call_command("load_demonstration", if_empty=True, stdout=silence)
    here = Authority.objects.get(is_demonstration=True)
    sweep(authority=here, at=timezone.now(), on=timezone.localdate())
    everybody = pages.people()
    neighbours.make()
    return everybody


if __name__ == "__main__":
    sys.exit(main())
