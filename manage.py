#!/usr/bin/env python
"""Django's command line."""

import os
import sys


def main() -> None:
    """Run the named command with this project's settings; plain words where the servers cannot be used."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "iro_service.settings")
    from django.core.management import execute_from_command_line

    from onehost.servers import ServersUnavailable

    try:
        execute_from_command_line(sys.argv)
    except ServersUnavailable as error:
        print(error, file=sys.stderr)
        sys.exit(2)


if __name__ == "__main__":
    main()
