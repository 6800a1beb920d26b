"""A council's file of its children: what each row comes to."""

import json
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.access import can
from accounts.roles import ChildPermission
from authorities.services import close, rename
from children.models import Allocation, CarePeriod, Child, Episode, TeamAllocation
from children.services import allocate
from duties.models import Duty
from returns.feeds.layouts import CHILDREN
from returns.models import FedChild
from returns.services import load_return
from reviews.models import Review
from tests.conftest import NOW, TODAY, employ
from tests.making import viewer

from .conftest import Folder, episode, header, no_review

COLUMNS = CHILDREN.columns
LINE = {
    "reference": "F1", "given_name": "Fern", "family_name": "Invented", "date_of_birth": "2014-05-09", "sex": "F",
    "care_started_on": "2025-09-01", "legal_status": "C2", "category_of_need": "N1", "placement_type": "U6",
    "team": "North", "social_worker": "sam.worker@e06999001.example", "iro": "ada.iro@e06999001.example",
}  # fmt: skip


@pytest.fixture(autouse=True)
def at_the_desk():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def sync(place, tmp_path):
    """Write a file of these rows, each a change of LINE, and take it up; the report as machines read it."""

    def sync(*rows: dict[str, str], more: tuple[str, ...] = (), at=NOW, columns=COLUMNS):
        lines = [",".join(columns), *(",".join((LINE | row).get(name, "") for name in columns) for row in rows)]
        return run(write(tmp_path, "\n".join(lines).encode()), *more, at=at)

    return sync


def write(folder: Path, content: bytes) -> Path:
    path = folder / "children.csv"
    path.write_bytes(content)
    return path


def run(path: Path, *more: str, at=NOW):
    out = StringIO()
    with time_machine.travel(at, tick=False):
        call_command("sync_children", str(path), "--authority", "E06999001", "--format", "json", *more, stdout=out)
    return json.loads(out.getvalue())


def counts(report, *names):
    return tuple(report["counts"][name] for name in names or ("created", "updated", "unchanged", "refused"))


def many(number: int) -> list[dict[str, str]]:
    return [{"reference": f"F{one}", "given_name": f"Fern{one}"} for one in range(1, number + 1)]


def reasons(report, kind="refused"):
    return {(one["row"], one["column"]): one["reason"] for one in report[kind]}


def rows_written() -> list[int]:
    return [model.objects.count() for model in (Child, CarePeriod, Episode, Review, Duty, Allocation, TeamAllocation)]


def test_the_first_file_fills_the_iros_caseload_with_names(sync, place, signed_in):
    report = sync(*many(3), {"reference": "F9", "given_name": "Bobs", "iro": "bob.other@e06999001.example"})
    assert counts(report) == (4, 0, 0, 0)
    page = signed_in(place.people["iro"]).get(reverse("dashboards:caseload")).text
    assert all(f"Fern{one} Invented" in page for one in (1, 2, 3))
    assert "Bobs" not in page
    child = Child.objects.get(reference="F1")
    assert {(one.kind, one.starts_on) for one in child.allocations.all()} == {
        ("IRO", date(2025, 9, 1)), ("SOCIAL_WORKER", date(2025, 9, 1)),
    }  # fmt: skip
    assert child.team_allocations.get().team == place.teams["north"]
    assert (child.episodes.get().legal_status, child.sort_name) == ("C2", "invented fern1")


def test_the_same_file_again_changes_nothing(sync):
    sync(*many(3), {"reference": "F9", "last_review_on": "15/06/2026", "placement_started_on": "2026-02-10"})
    before = rows_written()
    assert counts(sync(*many(3), {"reference": "F9", "last_review_on": "15/06/2026",
                                  "placement_started_on": "2026-02-10"})) == (0, 0, 4, 0)  # fmt: skip
    assert rows_written() == before


def test_where_nothing_is_known_of_before_the_last_review_dates_the_next(sync):
    sync(
        {"reference": "F1", "last_review_on": "2026-06-15"},
        {"reference": "F2"},
        {"reference": "F3", "care_started_on": "2026-08-10"},
    )
    owed = {one.child.reference: one.duty for one in Review.objects.open().select_related("child", "duty")}
    assert owed["F1"].due_on == date(2026, 12, 15)
    assert (owed["F2"].due_on, owed["F2"].why_not_known) == (None, "EARLIER_HISTORY")
    assert owed["F3"].rule == "FIRST_REVIEW"
    found = Review.objects.held().get()
    assert (found.source, found.held_on) == ("FOUND", date(2026, 6, 15))
    assert "17 August 2026" in found.evidence
    assert Duty.objects.filter(kind="FIND_LAST_REVIEW", met_on=None, closed_on=None).count() == 1


def test_a_later_placement_is_an_episode_of_its_own(sync):
    sync({"placement_started_on": "2026-02-10"})
    first, second = Episode.objects.order_by("starts_on")
    assert (first.ends_on, first.placement_type, first.reason_ended) == (date(2026, 2, 10), "", "X1")
    assert (second.placement_type, second.reason_started) == ("U6", "P")
    assert CarePeriod.objects.count() == 1
    assert counts(sync({"placement_started_on": "2026-08-12", "placement_type": "K2"})) == (0, 1, 0, 0)
    last = Episode.objects.latest("starts_on")
    assert (last.starts_on, last.placement_type, last.ends_on) == (date(2026, 8, 12), "K2", None)


def test_a_change_of_status_begins_an_episode_today(sync):
    sync({})
    assert counts(sync({"legal_status": "E1"})) == (0, 1, 0, 0)
    last = Episode.objects.latest("starts_on")
    assert (last.starts_on, last.reason_started, last.placement_type) == (TODAY, "L", "U6")


def test_care_ends_and_begins_again(sync):
    sync({})
    ended = {"care_ended_on": "2026-08-14", "reason_ended": "E4A"}
    assert counts(sync(ended)) == (0, 1, 0, 0)
    assert (CarePeriod.objects.get().ends_on, Review.objects.open().count()) == (date(2026, 8, 14), 0)
    assert counts(sync(ended)) == (0, 0, 1, 0)
    assert counts(sync({"care_started_on": "2026-08-16"})) == (0, 1, 0, 0)
    assert Review.objects.open().get().duty.runs_from_on == date(2026, 8, 16)
    assert counts(sync({"care_started_on": "2026-08-16"})) == (0, 0, 1, 0)


def test_an_end_the_file_mends_is_mended_and_one_mended_here_stands(sync):
    sync({})
    sync({"care_ended_on": "2026-08-14", "reason_ended": "E4A"})
    assert counts(sync({"care_ended_on": "2026-08-13", "reason_ended": "E4A"})) == (0, 1, 0, 0)
    CarePeriod.objects.update(ends_on=date(2026, 8, 11))
    report = sync({"care_ended_on": "2026-08-13", "reason_ended": "E4A"})
    assert "Care ended here on Tuesday 11 August 2026" in reasons(report, "differences")[2, "care_ended_on"]


def test_another_iro_worker_and_team_take_over_today(sync, place):
    sync({})
    report = sync({"iro": "bob.other@e06999001.example", "team": "south"})
    assert (counts(report), report["differences"]) == ((0, 1, 0, 0), [])
    child = Child.objects.get()
    live = child.allocations.live().get(kind="IRO")
    assert (live.user, live.starts_on) == (place.people["other_iro"], TODAY)
    assert child.allocations.get(ends_on=TODAY).user == place.people["iro"]
    assert child.team_allocations.get(ends_on=None).team == place.teams["south"]


def test_whom_somebody_chose_here_stays_and_is_listed(sync, place):
    sync({})
    allocate(child=Child.objects.get(), kind="IRO", user=place.people["other_iro"], on=TODAY, at=NOW)
    report = sync({})
    assert (counts(report), len(report["differences"])) == ((0, 0, 1, 0), 1)
    assert Child.objects.get().allocations.live().get(kind="IRO").user == place.people["other_iro"]


def test_names_the_file_mends_are_mended_and_those_typed_here_stand(sync):
    sync({}, {"reference": "F2"})
    Child.objects.filter(reference="F2").update(family_name="Typed")
    report = sync({"family_name": "Mended"}, {"reference": "F2", "family_name": "Mended"})
    assert list(Child.objects.order_by("reference").values_list("family_name", "sort_name")) == [
        ("Mended", "mended fern"), ("Typed", "invented fern"),
    ]  # fmt: skip
    assert (3, "family_name") in reasons(report, "differences")
    assert "Mended" not in json.dumps(report)


def test_a_child_a_return_brought_gets_a_name_and_keeps_the_birth(sync, make_child):
    child = make_child(iro=None, worker=None, team=None)
    Child.objects.update(given_name="", family_name="", reference="F1")
    report = sync({"date_of_birth": "2014-05-10", "care_started_on": child.care_periods.get().starts_on.isoformat()})
    child.refresh_from_db()
    assert (child.given_name, child.date_of_birth) == ("Fern", date(2014, 5, 9))
    assert (2, "date_of_birth") in reasons(report, "differences")
    assert child.allocations.live().get(kind="IRO").starts_on == date(2026, 8, 3)


def test_an_unknown_iro_costs_the_cell_and_comes_with_a_later_file(sync, place):
    report = sync({"iro": "new.iro@e06999001.example", "team": "Nowhere"})
    assert counts(report) == (1, 0, 0, 0)
    assert "Sync the staff" in reasons(report, "cells")[2, "iro"]
    assert "--add-teams" in reasons(report, "cells")[2, "team"]
    assert not Child.objects.get().allocations.filter(kind="IRO").exists()
    assert counts(sync({})) == (0, 1, 0, 0)
    assert Child.objects.get().allocations.live().get(kind="IRO").user == place.people["iro"]


@pytest.mark.parametrize(
    "cells, column, words",
    [
        ({"iro": "sam.worker@e06999001.example"}, "iro", "holds no post as IRO"),
        ({"iro": "ada.iro@e06999002.example"}, "iro", "No open account"),
        ({"social_worker": "ada.iro@e06999001.example"}, "social_worker", "holds no post as social worker"),
    ],
)
def test_somebody_who_may_not_be_it_costs_the_cell(sync, elsewhere, cells, column, words):
    assert words in reasons(sync(cells), "cells")[2, column]


@pytest.mark.parametrize(
    "cells, column, words",
    [
        ({"date_of_birth": "2014-13-09"}, "date_of_birth", "no such day"),
        ({"date_of_birth": "9 May 2014"}, "date_of_birth", "2026-11-25 or 25/11/2026"),
        ({"date_of_birth": "2027-01-01"}, "date_of_birth", "in the future"),
        ({"care_started_on": "2013-01-01"}, "care_started_on", "before the child was born"),
        ({"care_started_on": "2026-09-01"}, "care_started_on", "in the future"),
        ({"care_ended_on": "2025-08-01", "reason_ended": "E4A"}, "care_ended_on", "ended before it began"),
        ({"care_ended_on": "2026-08-01"}, "reason_ended", "why care ended"),
        ({"care_ended_on": "2026-08-01", "reason_ended": "X1"}, "reason_ended", "not one of the codes"),
        ({"legal_status": "Q9"}, "legal_status", "not one of the codes"),
        ({"reference": ""}, "reference", "must be filled in"),
        ({"last_review_on": "2026-08-18"}, "last_review_on", "in the future"),
        ({"placement_started_on": "2025-01-01"}, "placement_started_on", "before care began"),
    ],
)
def test_a_bad_cell_refuses_its_row_and_no_other(sync, cells, column, words):
    report = sync({"reference": "OTHER"}, cells)
    assert words in reasons(report)[3, column]
    assert report["refused"][0]["value"] == cells.get(column, "")
    assert counts(report) == (1, 0, 0, 1)
    assert list(Child.objects.values_list("reference", flat=True)) == ["OTHER"]


def test_care_over_care_held_is_refused_and_another_start_is_a_difference(sync):
    sync({}, {"reference": "F2"})
    early = {"care_started_on": "2025-03-01", "care_ended_on": "2025-10-01", "reason_ended": "E4A"}
    report = sync(early, {"reference": "F2", "care_started_on": "2025-10-01"})
    assert "This overlaps. Care held here began on Monday 1 September 2025" in reasons(report)[2, "care_started_on"]
    assert "has no end" in reasons(report, "differences")[3, "care_started_on"]
    assert CarePeriod.objects.count() == 2


def test_a_child_twice_with_other_births_is_refused_twice(sync):
    report = sync({}, {"date_of_birth": "2015-05-09"}, {"reference": "F2"}, {"reference": "F2"})
    assert "different dates of birth" in reasons(report)[2, "reference"]
    assert "different dates of birth" in reasons(report)[3, "reference"]
    assert "repeats row 4" in reasons(report)[5, "reference"]
    assert list(Child.objects.values_list("reference", flat=True)) == ["F2"]


def test_a_missing_child_stays_looked_after_and_is_listed(sync):
    sync(*many(20))
    report = sync(*many(19))
    assert (report["missing"], counts(report, "missing", "unchanged")) == (["F20"], (1, 19))
    assert CarePeriod.objects.open().count() == 20


def test_a_file_that_lacks_too_many_changes_nothing_unless_told_to(sync, tmp_path):
    sync(*many(20))
    with pytest.raises(CommandError, match="leaves out 2 of the 20 children looked after.*--go-ahead") as refused:
        sync(*({**row, "family_name": "Changed"} for row in many(18)))
    assert refused.value.returncode == 2
    assert not Child.objects.filter(family_name="Changed").exists()
    report = sync(*({**row, "family_name": "Changed"} for row in many(18)), more=("--go-ahead",))
    assert counts(report, "updated", "missing") == (18, 2)


def test_a_file_without_rows_changes_nothing_unless_told_to(sync):
    with pytest.raises(CommandError, match="holds no child"):
        sync()
    assert counts(sync(more=("--go-ahead",))) == (0, 0, 0, 0)


@pytest.mark.parametrize(
    "content, words",
    [
        (b"", "is empty"),
        (b"PK\x03\x04rest", "workbook"),
        (",".join(COLUMNS).encode("utf-16"), "UTF-16"),
        (";".join(COLUMNS).encode(), "semicolons"),
        ("\t".join(COLUMNS).encode(), "tabs"),
        (b"reference,given_name\n", "lacks family_name, date_of_birth"),
        (",".join([*COLUMNS, "iro"]).encode(), "iro more than once"),
    ],
)
def test_a_file_that_is_none_is_refused_in_a_sentence(place, tmp_path, content, words):
    with pytest.raises(CommandError, match=words) as refused:
        run(write(tmp_path, content))
    assert refused.value.returncode == 2


def test_marks_other_columns_and_other_encodings(place, tmp_path):
    names = [*LINE, "care_ended_on", "reason_ended", "shoe_size"]
    rows = [
        ",".join(LINE.values()) + ",,,38",
        ",".join((LINE | {"reference": "F2", "given_name": "Zoë"}).values()) + ",,,38",
    ]
    text = "\r\n".join([",".join(names), rows[0]]).encode() + b"\r\n" + rows[1].encode("latin-1")
    report = run(write(tmp_path, b"\xef\xbb\xbf" + text))
    assert (counts(report), report["ignored_columns"]) == ((1, 0, 0, 1), ["shoe_size"])
    assert "not UTF-8" in reasons(report)[3, ""]


def test_a_preview_says_what_the_act_does_and_writes_nothing(sync):
    sync({}, {"reference": "F2"})
    rows = [{"iro": "bob.other@e06999001.example"}, {"reference": "F2", "legal_status": "zz"},
            {"reference": "F3", "last_review_on": "2026-06-15"}]  # fmt: skip
    before = rows_written(), list(FedChild.objects.order_by("pk").values_list("said", flat=True))
    previewed = sync(*rows, more=("--preview",))
    assert (rows_written(), list(FedChild.objects.order_by("pk").values_list("said", flat=True))) == before
    acted = sync(*rows)
    assert (previewed.pop("preview"), acted.pop("preview")) == (True, False)
    assert previewed == acted
    assert counts(acted) == (1, 1, 0, 1)


def test_the_preview_in_words(place, tmp_path):
    path = write(
        tmp_path, "\n".join([",".join(LINE) + ",care_ended_on,reason_ended", ",".join(LINE.values()) + ",,"]).encode()
    )
    out = StringIO()
    call_command("sync_children", str(path), "--authority", "E06999001", "--preview", stdout=out)
    assert "1 would be added, 0 would be updated, 0 unchanged" in out.getvalue()
    assert not Child.objects.exists()


def queries(sync, rows) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        sync(*rows)
    return len(asked)


def test_unchanged_rows_cost_no_queries_each(sync):
    sync(*many(30))
    all_of_it = queries(sync, many(30))
    sync(*many(30), *({"reference": f"G{one}"} for one in range(60)))
    more = queries(sync, [*many(30), *({"reference": f"G{one}"} for one in range(60))])
    assert more == all_of_it


def test_new_rows_cost_no_queries_each(sync, place):
    sync({"reference": "START"})
    few = queries(sync, [{"reference": "START"}, *({"reference": f"A{one}"} for one in range(3))])
    several = queries(
        sync,
        [{"reference": "START"}, *({"reference": f"A{one}"} for one in range(3)),
         *({"reference": f"B{one}"} for one in range(30))],
    )  # fmt: skip
    assert several == few


def test_a_later_file_names_people_from_today(sync):
    sync({})
    tomorrow = NOW + timedelta(days=1)
    sync({}, {"reference": "F2", "care_started_on": "2026-08-14"}, at=tomorrow)
    assert Child.objects.get(reference="F2").allocations.get(kind="IRO").starts_on == TODAY + timedelta(days=1)


@pytest.fixture
def a_return(place, tmp_path):
    """Read a return of the year to 31 March 2026 with these episodes of one child, or of another year."""

    def read(*lines: str, year: int = 2026, at=NOW):
        folder = tmp_path / "return"
        folder.mkdir(exist_ok=True)
        returned = Folder(folder)
        returned.write("Header", header("F1", "09/05/2014")).write("Episodes", *lines)
        returned.write("Reviews", no_review("F1", "09/05/2014"))
        return load_return(folder=folder, authority=place.authority, year=year, at=at, on=at.date())

    return read


def test_care_the_file_ended_stays_ended_when_an_earlier_return_is_read_again(sync, a_return):
    a_return(episode("F1", "01/09/2025"))
    sync({"care_ended_on": "2026-08-14", "reason_ended": "E4A"})
    a_return(episode("F1", "01/09/2025"))
    assert CarePeriod.objects.get().ends_on == date(2026, 8, 14)
    assert not Review.objects.open().exists()


def test_a_move_the_file_told_stays_and_the_return_of_its_year_says_the_day(sync, a_return):
    a_return(episode("F1", "01/09/2025"))
    sync({"placement_type": "K2", "placement_started_on": "2026-06-12"})
    a_return(episode("F1", "01/09/2025"))
    assert [one.starts_on for one in Episode.objects.order_by("starts_on")] == [date(2025, 9, 1), date(2026, 6, 12)]
    next_year = datetime(2027, 5, 3, 9, tzinfo=UTC)
    moved = "F1,10/06/2026,P,C2,N1,K2,PR1,,,,,,"
    report = a_return(episode("F1", "01/09/2025", "10/06/2026"), moved, year=2027, at=next_year)
    assert report.rejected == []
    assert [(one.starts_on, one.ends_on) for one in Episode.objects.order_by("starts_on")] == [
        (date(2025, 9, 1), date(2026, 6, 10)), (date(2026, 6, 10), None),
    ]  # fmt: skip
    assert CarePeriod.objects.get().ends_on is None


def test_an_iro_who_manages_the_team_costs_the_cell(sync, place):
    employ(place.people["other_iro"], "TEAM_MANAGER", team=place.teams["south"])
    bobs = "bob.other@e06999001.example"
    report = sync({"iro": bobs, "team": "South"}, {"reference": "F2", "iro": bobs})
    assert "manages this child's case" in reasons(report, "cells")[2, "iro"]
    assert Child.objects.get(reference="F2").allocations.live().get(kind="IRO").user == place.people["other_iro"]
    report = sync({"iro": ""}, {"reference": "F2", "iro": bobs, "team": "South"})
    assert "IRO manages that team" in reasons(report, "cells")[3, "team"]
    assert Child.objects.get(reference="F2").team_allocations.get().team == place.teams["north"]


def test_an_iro_chosen_by_the_file_opens_and_closes_the_record(sync, place):
    sync({})
    child = Child.objects.get()
    assert can(viewer(place.people["iro"]), ChildPermission.RECORD, child)
    sync({"iro": "bob.other@e06999001.example"})
    assert not can(viewer(place.people["iro"]), ChildPermission.VIEW, child)
    assert can(viewer(place.people["other_iro"]), ChildPermission.RECORD, child)


def test_care_that_came_since_the_last_return_is_dated_from_the_last_review(sync, a_return):
    a_return(episode("OLD", "01/09/2025"))
    sync({"care_started_on": "2026-05-04", "last_review_on": "2026-06-01"}, more=("--go-ahead",))
    assert Review.objects.open().get(child__reference="F1").duty.due_on == date(2026, 9, 1)


def test_a_first_file_is_the_first_of_which_a_row_landed(sync):
    sync(more=("--go-ahead",))
    sync({})
    assert set(Child.objects.get().allocations.values_list("starts_on", flat=True)) == {date(2025, 9, 1)}


def test_a_team_is_known_by_the_name_it_had_and_not_once_it_is_closed(sync, place):
    rename(place=place.teams["south"], name="Southern", on=TODAY, seen="South", at=NOW)
    close(place=place.teams["east"], on=TODAY, reason="Not needed", at=NOW)
    report = sync({"team": "South"}, {"reference": "F2", "team": "East"})
    assert Child.objects.get(reference="F1").team_allocations.get().team == place.teams["south"]
    assert "no such team" in reasons(report, "cells")[3, "team"]
