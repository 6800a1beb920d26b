#!/usr/bin/env python
"""Django's command line."""

import os
import sys


def main() -> None:
    """Run the named command with this project's settings."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "iro_service.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
