"""Django's `createsuperuser`, which has no place here: nobody has every right."""

from typing import Any

from django.contrib.auth.management.commands import createsuperuser

from authorities.management.base import NotDone


class Command(createsuperuser.Command):
    """Says what to run instead."""

    requires_migrations_checks = False

    def handle(self, *args: Any, **options: Any) -> None:
        """Refuse: what a person may do follows from the post they hold (accounts/roles.py)."""
        raise NotDone(
            "Nobody here has every right: what a person may see and do follows from the post they hold. Run instead:"
            " manage.py add_authority CODE NAME --administrator EMAIL"
            " for the first system administrator of an authority, who opens the other accounts."
        )
