"""What `make run` does once before the programs start: migrate, and load the demonstration where it is empty.

One process for both, since loading Django is most of the time of a second start. The table of demonstration
logins goes to standard output, everything else to standard error.
"""

import os
import sys

import django
from django.conf import settings
from django.core.management import call_command


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "iro_service.settings")
    django.setup()
    call_command("migrate", interactive=False, verbosity=1, stdout=sys.stderr)
    if settings.DEMONSTRATION:
        call_command("load_demonstration", if_empty=True, stdout=sys.stdout)


if __name__ == "__main__":
    main()
