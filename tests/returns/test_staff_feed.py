"""A council's file of its staff: accounts, posts, and the samples that come with the guide."""

import json
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Holding, Post, User
from authorities.models import Team
from children.models import Allocation, Child
from returns.feeds.layouts import STAFF
from tests.conftest import NOW, TODAY

SAMPLES = Path(__file__).resolve().parents[2] / "docs" / "samples"
LINE = {"email": "nia.new@council.example", "given_name": "Nia", "family_name": "New", "role": "IRO"}


@pytest.fixture(autouse=True)
def at_the_desk():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def sync(place, tmp_path):
    def sync(*rows: dict[str, str], more: tuple[str, ...] = ()):
        names = STAFF.columns
        lines = [",".join(names), *(",".join((LINE | row).get(name, "") for name in names) for row in rows)]
        (tmp_path / "staff.csv").write_text("\n".join(lines))
        return run("sync_staff", tmp_path / "staff.csv", *more)

    return sync


def run(command: str, path: Path, *more: str):
    out = StringIO()
    call_command(command, str(path), "--authority", "E06999001", "--format", "json", *more, stdout=out)
    return json.loads(out.getvalue())


def counts(report):
    return tuple(report["counts"][name] for name in ("created", "updated", "unchanged", "refused"))


def reasons(report):
    return {(one["row"], one["column"]): one["reason"] for one in report["refused"]}


def test_an_account_is_opened_without_a_password_in_its_post(sync):
    assert counts(sync({"fte": "0.6", "starts_on": "2026-08-03"})) == (1, 0, 0, 0)
    user = User.objects.get(username="nia.new@council.example")
    held = user.holdings.get()
    assert (held.post.role, str(held.post.fte), str(held.starts_on)) == ("IRO", "0.60", "2026-08-03")
    assert not user.has_usable_password()


def test_the_same_file_again_changes_nothing(sync):
    rows = [{"fte": "0.6"}, {"role": "social worker", "team": "north", "email": "b@council.example"}]
    sync(*rows)
    assert counts(sync(*rows)) == (0, 0, 2, 0)
    assert Post.objects.filter(holdings__user__username__endswith="council.example").count() == 2


def test_other_hours_are_another_post_from_today_and_an_end_leaves_it(sync):
    sync({"starts_on": "2026-08-03"})
    assert counts(sync({"starts_on": "2026-08-03", "fte": "0.5"})) == (0, 1, 0, 0)
    held = Holding.objects.filter(user__username=LINE["email"]).order_by("pk")
    assert [(one.ends_on, float(one.post.fte)) for one in held] == [(TODAY, 1), (None, 0.5)]
    assert counts(sync({"ends_on": "2026-12-31", "fte": "0.5"})) == (0, 0, 1, 0)
    assert counts(sync({"ends_on": "2026-08-17"})) == (0, 1, 0, 0)
    assert not Holding.objects.live().filter(user__username=LINE["email"]).exists()
    assert counts(sync({"ends_on": "2026-08-17"})) == (0, 0, 1, 0)


def test_who_has_children_does_not_leave(sync, make_child):
    make_child()
    report = sync({"email": "ada.iro@e06999001.example", "ends_on": "2026-08-17"})
    assert "1 child is allocated" in reasons(report)[2, "email"]


def test_a_team_that_is_not_here_is_refused_or_added(sync, place):
    row = {"role": "SOCIAL_WORKER", "team": "West", "service": "Brand New"}
    report = sync(row)
    assert "no such service" in reasons(report)[2, "service"]
    assert not User.objects.filter(username=LINE["email"]).exists()
    assert counts(sync(row, more=("--add-teams", "--preview"))) == (1, 0, 0, 0)
    assert not Team.objects.filter(name="West").exists()
    assert counts(sync(row, more=("--add-teams",))) == (1, 0, 0, 0)
    assert Team.objects.get(name="West").service.name == "Brand New"


@pytest.mark.parametrize(
    "cells, column, words",
    [
        ({"email": "nobody"}, "email", "work e-mail address"),
        ({"role": "Wizard"}, "role", "not one of the roles"),
        ({"role": "TEAM_MANAGER"}, "team", "needs a team"),
        ({"role": "SERVICE_MANAGER"}, "service", "needs a service"),
        ({"role": "DIRECTOR", "team": "North"}, "team", "in no team"),
        ({"fte": "1.5"}, "fte", "over 0 and up to 1"),
        ({"starts_on": "2026-09-01"}, "starts_on", "not before"),
        ({"starts_on": "2026-08-01", "ends_on": "2026-07-01"}, "ends_on", "before it begins"),
        ({"email": "ada.iro@e06999002.example"}, "email", "cannot be used here"),
        ({"given_name": ""}, "given_name", "filled in"),
    ],
)
def test_a_bad_row_is_refused_and_no_other(sync, elsewhere, cells, column, words):
    report = sync({"email": "fine@council.example"}, cells)
    assert words in reasons(report)[3, column]
    assert counts(report) == (1, 0, 0, 1)


def test_a_preview_says_what_the_act_does(sync):
    previewed, acted = sync({}, more=("--preview",)), sync({})
    assert previewed | {"preview": False} == acted


def test_a_missing_column_is_named(place, tmp_path):
    (tmp_path / "staff.csv").write_text("email,role\n")
    with pytest.raises(CommandError, match="lacks given_name, family_name, team, service"):
        run("sync_staff", tmp_path / "staff.csv")


def test_unchanged_rows_cost_no_queries_of_people(sync):
    def asked(number: int) -> int:
        rows = [{"email": f"p{one}@council.example"} for one in range(number)]
        sync(*rows)
        with CaptureQueriesContext(connection) as captured:
            sync(*rows)
        return len([one for one in captured if "SAVEPOINT" not in one["sql"]])

    assert asked(3) == asked(20)


def test_the_samples_load_and_load_again(place):
    staff, children = SAMPLES / "staff.csv", SAMPLES / "children.csv"
    assert counts(run("sync_staff", staff, "--add-teams")) == (6, 0, 0, 0)
    report = run("sync_children", children)
    assert (counts(report), report["cells"], report["differences"]) == ((5, 0, 0, 0), [], [])
    assert Child.objects.looked_after().count() == 4
    assert Allocation.objects.live().filter(kind="IRO").count() == 4
    assert counts(run("sync_staff", staff)) == (0, 0, 6, 0)
    assert counts(run("sync_children", children)) == (0, 0, 5, 0)
