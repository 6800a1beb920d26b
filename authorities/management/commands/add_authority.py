"""Create an authority with default settings, and the first person who signs in to it."""

from argparse import ArgumentParser
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.management.base import link_in_words, newcomer
from accounts.services import Newcomer, note_password_link, open_first_administrator
from authorities.management.base import NotDone, OperatorCommand
from authorities.models import Authority
from authorities.services import add_authority


class Command(OperatorCommand):
    """`manage.py add_authority CODE NAME [--administrator EMAIL]`; exit status 2 where either is not usable.

    With an administrator, an authority that is there already is not made again: only somebody to look after it is.
    """

    help = "Create an authority with default settings, and its first system administrator."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Name the code, the name and who looks after it."""
        parser.add_argument("code", help="1 to 20 letters, digits or hyphens, such as E09000027")
        parser.add_argument("name", help="the authority's name as its staff know it")
        parser.add_argument("--administrator", metavar="EMAIL", help="work e-mail address of who sets the service up")
        parser.add_argument("--given-name", help="their given name; read from the address where left out")
        parser.add_argument("--family-name", help="their family name; read from the address where left out")

    @transaction.atomic
    def handle(self, *args: Any, code: str, name: str, **options: Any) -> None:
        """Create it, or say why not; then print the link its first administrator begins with."""
        email = options["administrator"]
        names = options["given_name"], options["family_name"]
        if email is None and any(names):
            raise NotDone("Names were given, but nobody they belong to. Say --administrator EMAIL too.")
        person = None if email is None else newcomer(email, *names)
        found = Authority.objects.filter(code=code).first() if person else None
        authority = found or add_authority(code=code, name=name, on=timezone.localdate())
        if found and found.name != name.strip():
            raise NotDone(f"{code} is {found.name} already. Give that name, or another code.")
        who = self._administrator(authority, person) if person else ""
        self.stdout.write(f"{'There already:' if found else 'Added'} {authority.code}, {authority.name}.")
        if who:
            self.stdout.write(who)

    def _administrator(self, authority: Authority, person: Newcomer) -> str:
        at = timezone.now()
        user = open_first_administrator(authority=authority, person=person, on=timezone.localdate(at), at=at)
        note_password_link(user=user, at=at)
        return f"Opened an account for {user}, system administrator, {user.username}. {link_in_words(user, at)}"
