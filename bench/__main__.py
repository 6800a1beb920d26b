"""Prepare a demonstration authority, then measure. Prints one JSON line a measure."""

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from bench import importing, pages, sweeping  # noqa: E402


def main() -> int:
    """Measure everything; exit status 0."""
    print("Preparing the demonstration authority…", file=sys.stderr)
    call_command("migrate", interactive=False, verbosity=0)
    with open(os.devnull, "w") as silence:
        call_command("load_demonstration", if_empty=True, stdout=silence)
    for measure in (*pages.measure(), sweeping.measure(), importing.measure()):
        print(measure.line(), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
