"""What every command shares: it needs a database that is up to date, and refuses in a sentence with status 2."""

import os
import subprocess
import sys
from datetime import date
from io import StringIO
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command, get_commands, load_command_class
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from accounts.models import User
from authorities.management.base import NotDone, OperatorCommand, day_asked
from authorities.management.commands.migrate import patiently, short_waits
from onehost.places import PROJECT
from tests.conftest import Place

ROOMS = {path.parent.parent.name for path in PROJECT.glob("*/management/commands")}
DJANGOS = {"migrate", "createsuperuser"}  # theirs by name, ours by what they add
OURS = sorted(name for name, app in get_commands().items() if app in ROOMS and name not in DJANGOS)
ARGUMENTS: dict[str, list[str]] = {
    "add_authority": ["E1", "One"],
    "figures": ["--authority", "E1", "--year", "2017-18"],
    "import_ssda903": ["folder", "--authority", "E1", "--year", "2018"],
    "issue_token": ["a@b.example", "--name", "n"],
    "open_account": ["a@b.example", "A", "B", "--authority", "E1", "--role", "DIRECTOR"],
    "password_link": ["a@b.example"],
    "proclaim_holiday": ["2026-12-07", "A day of mourning"],
    "revoke_token": ["a@b.example", "--all"],
    "withdraw_holiday": ["2026-12-07"],
}


def not_done(*words: str) -> str:
    """The sentence a command refuses with."""
    with pytest.raises(CommandError) as refusal:
        call_command(*words, stdout=StringIO(), stderr=StringIO())
    assert refusal.value.returncode == 2
    return str(refusal.value)


@pytest.mark.parametrize("name", OURS)
def test_every_command_of_ours_stands_on_the_same_base(name: str) -> None:
    assert isinstance(load_command_class(get_commands()[name], name), OperatorCommand)


@pytest.mark.parametrize("name", sorted(ARGUMENTS))
def test_a_command_says_what_to_run_where_the_database_is_not_up_to_date(name: str, db: None) -> None:
    MigrationRecorder.Migration.objects.filter(app="authorities").delete()

    assert "Run first: manage.py migrate" in not_done(name, *ARGUMENTS[name])


def test_a_database_that_does_not_answer_is_a_sentence_too() -> None:
    nowhere = {"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none", "REDIS_URL": "redis://127.0.0.1:1/0"}

    asked = subprocess.run(
        [sys.executable, "manage.py", "authorities"],
        cwd=PROJECT,
        env={**os.environ, **nowhere, "DEMONSTRATION": "true"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert asked.returncode == 2
    assert "The database does not answer" in asked.stderr
    assert "Traceback" not in asked.stderr


@pytest.mark.parametrize("code", ["E1\0", "\udcff"])
def test_what_no_database_can_hold_is_refused(code: str, db: None) -> None:
    assert "cannot be stored" in not_done("add_authority", code, "One")
    assert "cannot be stored" in not_done("import_ssda903", "folder", "--authority", code, "--year", "2018")


def test_a_day_is_read_as_written_or_is_today() -> None:
    today = date(2026, 11, 25)

    assert day_asked(None, today=today) == today
    assert day_asked("2026-02-28", today=today) == date(2026, 2, 28)
    for text in ("2026-02-29", "28/02/2026", "", "yesterday"):
        with pytest.raises(NotDone, match="such as 2026-11-25"):
            day_asked(text, today=today)


def test_nobody_is_made_a_superuser() -> None:
    said = not_done("createsuperuser", "--noinput", "--username", "a@b.example")

    assert "manage.py add_authority CODE NAME --administrator EMAIL" in said


@pytest.mark.django_db
class TestOpeningAnAccount:
    """`open_account`: the first people of a new installation."""

    def test_somebody_is_in_post_and_chooses_a_password_by_mail(
        self, place: Place, client: Client, mailoutbox: list[Any]
    ) -> None:
        code = place.authority.code
        call_command(
            "open_account", "New@Council.example", "Nia", "Owen", "--authority", code, "--role", "DIRECTOR",
            stdout=(out := StringIO()),
        )  # fmt: skip

        user = User.objects.get(username="new@council.example")
        assert [one.post.role for one in user.holdings.all()] == ["DIRECTOR"]
        assert "Nia Owen, Director of children's services" in out.getvalue()
        client.post("/accounts/password/reset/", {"email": "new@council.example"})
        assert [mail.to for mail in mailoutbox] == [["new@council.example"]]

    @pytest.mark.parametrize(
        "email, role, reason",
        [("nobody", "DIRECTOR", "valid email"), ("a@b.example", "TEAM_MANAGER", "invalid choice")],
    )
    def test_what_cannot_be_opened_is_refused(self, place: Place, email: str, role: str, reason: str) -> None:
        words = [email, "A", "B", "--authority", place.authority.code, "--role", role]
        with pytest.raises(CommandError, match=reason):
            call_command("open_account", *words)
        assert not User.objects.filter(username=email).exists()

    def test_an_address_that_has_an_account_is_refused_and_no_post_is_opened(self, place: Place) -> None:
        words = ["a@b.example", "A", "B", "--authority", place.authority.code, "--role", "DIRECTOR"]
        call_command("open_account", *words, stdout=StringIO())

        assert "already has an account" in not_done("open_account", *words)
        assert User.objects.get(username="a@b.example").holdings.count() == 1


@pytest.mark.django_db(transaction=True)
class TestMigratingBesideOthers:
    """A migration gives way to whoever holds a table, and is made once they let go."""

    def change(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("COMMENT ON TABLE authorities_team IS NULL")

    def test_it_waits_its_turn_and_is_made(self) -> None:
        reader = another_connection()
        reader.execute("LOCK TABLE authorities_team IN SHARE MODE")
        gave_way: list[bool] = []

        def let_go() -> None:
            gave_way.append(True)
            reader.rollback()

        with short_waits(connection, seconds=0.05):
            patiently(self.change, let_go)
        reader.close()

        assert gave_way == [True]

    def test_what_is_never_let_go_is_a_sentence(self) -> None:
        with another_connection() as reader, short_waits(connection, seconds=0.05):
            reader.execute("LOCK TABLE authorities_team IN SHARE MODE")
            with pytest.raises(NotDone, match="those before it were"):
                patiently(self.change, lambda: None, attempts=2)

    def test_another_error_is_not_hidden(self) -> None:
        def broken() -> None:
            raise OperationalError("the server closed the connection")

        with pytest.raises(OperationalError, match="closed the connection"):
            patiently(broken, lambda: None)


def another_connection() -> psycopg.Connection[Any]:
    """A second connection to the same database, in a transaction from its first statement."""
    parameters = connection.get_connection_params()
    return psycopg.connect(**{name: parameters[name] for name in ("dbname", "user", "host") if name in parameters})
