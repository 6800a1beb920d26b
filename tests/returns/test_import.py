"""A return read in: what lands, what is reported, and that the same again changes nothing."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import BusinessEvent
from children.models import CarePeriod, Child, Episode, MissingSpell
from duties.models import Duty
from returns.models import Return
from reviews.made import DecisionMade, ReviewMade
from reviews.models import Review
from reviews.services import record_review
from tests.conftest import NOW, employ, person
from tests.making import viewer

from .conftest import counts, episode, header, no_review, review


def open_review() -> Review:
    return Review.objects.open().get()


def test_children_care_and_reviews_land_with_the_next_due_date(folder, load):
    folder.write("Header", header()).write("Episodes", episode()).write("Reviews", review("26/06/2017"))
    report = load()
    assert report.rejected == []
    child = Child.objects.get()
    assert (child.reference, child.sex, child.ethnicity, str(child)) == ("C1", "F", "WBRI", "C1")
    first, following = Review.objects.order_by("pk")
    assert (first.number, first.duty.rule, first.duty.due_on, first.participation) == (
        1, "FIRST_REVIEW", date(2017, 7, 3), "PN1",
    )  # fmt: skip
    assert (following.number, following.duty.rule, following.duty.due_on) == (2, "SECOND_REVIEW", date(2017, 9, 26))


def test_the_same_folder_again_changes_nothing(folder, load):
    folder.write("Header", header(), header("C2")).write("UASC", "C1,2,09/05/2010,")
    folder.write("Episodes", episode(ends="05/09/2017"), episode(starts="05/09/2017", rne="P"), episode("C2"))
    folder.write("Missing", "C1,09/05/2010,M,05/07/2017,06/07/2017")
    folder.write("PlacedAdoption", "C1,09/05/2010,05/09/2017,,")
    folder.write("Reviews", review("26/06/2017"), review("27/06/2017", "PN7", "C2"))
    first = load()
    before = [list(model.objects.order_by("pk").values()) for model in (Child, CarePeriod, Episode, Review)]
    again = load()
    assert (first.total("created"), first.total("read")) == (10, 10)
    assert (again.total("created"), again.total("updated"), again.total("unchanged")) == (0, 0, 10)
    assert [list(model.objects.order_by("pk").values()) for model in (Child, CarePeriod, Episode, Review)] == before


def test_consecutive_episodes_are_one_care_period(folder, load):
    folder.write("Header", header()).write("Reviews", no_review())
    folder.write(
        "Episodes",
        episode(starts="05/09/2017", ends="05/10/2017", rne="P", rec="E4A"),
        episode(ends="05/09/2017"),
        episode(starts="20/10/2017"),
    )
    load()
    periods = CarePeriod.objects.order_by("starts_on").values_list("starts_on", "ends_on", "reason_ended")
    assert list(periods) == [
        (date(2017, 6, 5), date(2017, 10, 5), "E4A"),
        (date(2017, 10, 20), None, ""),
    ]
    assert open_review().duty.runs_from_on == date(2017, 10, 20)


def test_bad_rows_are_reported_with_their_place_and_the_others_land(folder, load):
    folder.write("Header", header(), header("C2", born="2010-05-09"))
    folder.write("Episodes", episode(), episode("C3"), episode(starts="05/07/2017"), episode(starts="01/01/2010"))
    folder.write(
        "Reviews",
        review("26/06/2017"),
        review("05/12/17"),
        review("05/12/2017", "PN8"),
        review("06/12/2017", child="C3"),
        review("07/12/2017", born="09/05/2011"),
        review("26/06/2017"),
        review("26/06/2017", "PN2"),
        review("04/06/2017"),
        review("01/04/2018"),
    )
    report = load()
    found = [(one["file"], one["row"], one["column"], one["value"]) for one in report.as_json()["rejected"]]
    assert found == [
        ("episodes.csv", 3, "CHILD", "C3"),
        ("episodes.csv", 4, "DECOM", "05/07/2017"),
        ("episodes.csv", 5, "DECOM", "01/01/2010"),
        ("header.csv", 3, "DOB", "2010-05-09"),
        ("reviews.csv", 3, "REVIEW", "05/12/17"),
        ("reviews.csv", 5, "CHILD", "C3"),
        ("reviews.csv", 6, "DOB", "09/05/2011"),
        ("reviews.csv", 7, "REVIEW", "26/06/2017"),
        ("reviews.csv", 8, "REVIEW", "26/06/2017"),
        ("reviews.csv", 9, "REVIEW", "04/06/2017"),
        ("reviews.csv", 10, "REVIEW", "01/04/2018"),
    ]
    assert [(one["row"], one["value"]) for one in report.as_json()["blanked"]] == [(4, "PN8")]
    assert counts(report, "Reviews") == (9, 2, 0, 0, 7)
    assert all(f.read == f.created + f.updated + f.unchanged + f.rejected for f in report.files)
    assert Episode.objects.count() == 1


def test_a_code_that_does_not_fit_the_age_is_kept_as_evidence(folder, load):
    folder.write("Header", header()).write("Episodes", episode()).write("Reviews", review("26/06/2017", "PN0"))
    assert load().rejected == []
    assert Review.objects.held().get().participation == "PN0"


def test_care_before_the_earliest_year_without_a_review_is_not_known(folder, load):
    folder.write("Header", header()).write("Episodes", episode(starts="05/06/2015"))
    load()
    assert (open_review().duty.rule, open_review().duty.due_on, open_review().number) == ("NOT_KNOWN", None, None)


def test_care_before_the_earliest_year_with_reviews_is_marked_earlier_history_not_held(folder, load):
    folder.write("Header", header()).write("Episodes", episode(starts="05/06/2015"))
    folder.write("Reviews", review("31/08/2017"))
    load()
    following = open_review()
    assert (following.duty.rule, following.duty.due_on) == ("EARLIER_HISTORY_NOT_HELD", date(2018, 2, 28))
    assert (Review.objects.held().get().duty.rule, Review.objects.held().get().duty.due_on) == ("NOT_KNOWN", None)


def test_care_just_before_the_earliest_year_may_have_had_its_first_review_before_it(folder, load):
    folder.write("Header", header()).write("Episodes", episode(starts="20/03/2017"))
    folder.write("Reviews", review("20/06/2017"))
    load()
    assert Review.objects.held().get().duty.due_on is None
    assert (open_review().number, open_review().duty.due_on) == (None, date(2017, 12, 20))


def test_an_earlier_year_read_later_recomputes_and_does_not_undo_the_newer_return(folder, load):
    folder.write("Header", header(sex="M")).write("Episodes", episode(starts="06/06/2016", ls="V2"))
    folder.write("Reviews", review("05/06/2017"))
    load(2018)
    assert open_review().duty.rule == "EARLIER_HISTORY_NOT_HELD"
    folder.write("Header", header(sex="F")).write("Episodes", episode(starts="06/06/2016", ls="C1"))
    folder.write("Reviews", review("27/06/2016"), review("26/09/2016"))
    report = load(2017)
    assert counts(report, "Header")[3] == counts(report, "Episodes")[3] == 1
    assert (Child.objects.get().sex, Episode.objects.get().legal_status) == ("M", "V2")
    assert list(Review.objects.order_by("held_on").values_list("number", "duty__rule")) == [
        (1, "FIRST_REVIEW"), (2, "SECOND_REVIEW"), (3, "LATER_REVIEW"), (4, "LATER_REVIEW"),
    ]  # fmt: skip
    assert open_review().duty.due_on == date(2017, 12, 5)


def test_an_earlier_year_dates_children_it_does_not_name(folder, load):
    folder.write("Header", header()).write("Episodes", episode(starts="06/06/2016")).write("Reviews", no_review())
    load(2018)
    folder.write("Header", header("C2")).write("Episodes", episode("C2", starts="06/06/2016"))
    folder.write("Reviews", no_review("C2"))
    load(2017)
    assert Review.objects.get(child__reference="C1").duty.rule == "FIRST_REVIEW"


def test_a_later_return_ends_the_period_and_cancels_what_was_due(folder, load):
    folder.write("Header", header()).write("Reviews", no_review()).write("Episodes", episode())
    load(2018)
    folder.write("Episodes", episode(ends="04/06/2018", rec="E4A"))
    report = load(2019)
    assert counts(report, "Episodes") == (1, 0, 1, 0, 0)
    assert CarePeriod.objects.get().ends_on == date(2018, 6, 4)
    closed = Review.objects.get()
    assert (closed.duty.closed_reason, closed.duty.closed_by, closed.duty.closed_at) == ("Care ended", None, NOW)
    assert load(2019).total("updated") == 0


def test_an_end_withdrawn_by_the_return_sent_again_opens_the_same_review_with_its_booking(folder, load, council):
    folder.write("Header", header()).write("Reviews", no_review()).write("Episodes", episode())
    load()
    iro = employ(person(council, "Ina Iro"), "IRO")
    Duty.objects.update(planned_for_on=date(2017, 6, 26), planned_at=NOW, planned_by=iro)
    before, owed = Review.objects.values().get(), Duty.objects.values().get()
    folder.write("Episodes", episode(ends="20/06/2017", rec="E4A"))
    load()
    assert not Review.objects.open().exists()
    folder.write("Episodes", episode())
    load()
    assert (Review.objects.values().get(), Duty.objects.values().get()) == (before, owed)
    assert BusinessEvent.objects.filter(verb="review.reopened", subject_id=before["id"]).count() == 1


def test_many_children_are_read_in_no_more_statements_than_few(folder, load):
    def statements(children: range) -> int:
        folder.write("Header", *(header(f"C{n}") for n in children))
        folder.write(
            "Episodes",
            *(episode(f"C{n}", ends="05/07/2017") for n in children),
            *(episode(f"C{n}", starts="05/09/2017", ends="05/12/2017", rne="P") for n in children),
        )
        folder.write("Reviews", *(review("20/06/2017", child=f"C{n}") for n in children))
        load()
        folder.write(  # fills the gap, so that two periods become one, and care goes on
            "Episodes",
            *(episode(f"C{n}", ends="05/07/2017") for n in children),
            *(episode(f"C{n}", starts="05/07/2017", ends="05/09/2017", rne="P") for n in children),
            *(episode(f"C{n}", starts="05/09/2017", rne="P") for n in children),
        )
        with CaptureQueriesContext(connection) as asked:
            load()
        return len(asked)

    few = statements(range(100, 102))
    assert statements(range(20)) == few


def test_an_older_return_does_not_open_again_what_ended_after_its_year(folder, load):
    folder.write("Header", header()).write("Episodes", episode(ends="04/06/2018", rec="E4A"))
    load(2019)
    folder.write("Episodes", episode())
    assert counts(load(2018), "Episodes") == (1, 0, 0, 1, 0)
    assert CarePeriod.objects.get().ends_on == date(2018, 6, 4)


def test_an_episode_that_fills_a_gap_makes_two_periods_one(folder, load):
    folder.write("Header", header())
    folder.write("Episodes", episode(ends="05/07/2017", rec="E4A"), episode(starts="05/09/2017"))
    folder.write("Reviews", review("20/06/2017"), review("20/09/2017"))
    load()
    assert CarePeriod.objects.count() == 2
    folder.write(
        "Episodes", episode(ends="05/07/2017"), episode(starts="05/07/2017", ends="05/09/2017", rne="P"),
        episode(starts="05/09/2017", rne="P"),
    )  # fmt: skip
    load()
    period = CarePeriod.objects.get()
    assert (period.starts_on, period.ends_on, period.episodes.count()) == (date(2017, 6, 5), None, 3)
    assert open_review().number == 3


def test_a_restart_found_later_makes_one_period_two(folder, load):
    folder.write("Header", header()).write("Reviews", no_review())
    folder.write("Episodes", episode(ends="05/09/2017"), episode(starts="05/09/2017", rne="P"))
    load()
    folder.write("Episodes", episode(ends="05/09/2017", rec="E4A"), episode(starts="05/09/2017"))
    load()
    assert list(CarePeriod.objects.order_by("starts_on").values_list("starts_on", "ends_on")) == [
        (date(2017, 6, 5), date(2017, 9, 5)), (date(2017, 9, 5), None),
    ]  # fmt: skip
    assert (open_review().number, open_review().duty.runs_from_on) == (1, date(2017, 9, 5))


def test_short_breaks_have_their_own_cycle_until_care_becomes_full(folder, load):
    folder.write("Header", header()).write("Episodes", episode(ls="V4")).write("Reviews", review("28/08/2017"))
    load()
    assert (open_review().cycle, open_review().duty.rule) == ("SHORT_BREAK", "SHORT_BREAK_LATER")
    folder.write("Episodes", episode(ls="V4", ends="08/01/2018"), episode(starts="08/01/2018", rne="L", ls="C1"))
    load()
    following = open_review()
    assert (following.cycle, following.duty.rule, following.duty.runs_from_on) == (
        "CARE",
        "FIRST_REVIEW",
        date(2018, 1, 8),
    )
    assert Review.objects.held().get().cycle == "SHORT_BREAK"


def test_a_mended_participation_code_is_taken_over(folder, load):
    folder.write("Header", header()).write("Episodes", episode()).write("Reviews", review("26/06/2017"))
    load()
    folder.write("Reviews", review("26/06/2017", "PN3"))
    assert counts(load(), "Reviews") == (1, 0, 1, 0, 0)
    assert Review.objects.held().get().participation == "PN3"


@pytest.mark.parametrize("code, expected", [("PN1", (1, 0, 0, 1, 0)), ("PN3", (1, 0, 0, 0, 1))])
def test_a_review_recorded_here_stands_and_a_difference_is_reported(folder, load, council, code, expected):
    folder.write("Header", header()).write("Episodes", episode())
    load()
    iro = employ(person(council, "Ina Iro"), "IRO")
    record_review(
        review=open_review(),
        made=ReviewMade(
            held_on=date(2017, 6, 26),
            participation="PN1",
            discussion="",
            rag="GREEN",
            decisions=[DecisionMade("Meet", "Contact", "Worker", date(2017, 7, 26))],
        ),
        token="0e0e7a51-94a8-4a3e-8d5a-1b6e1f4f6f52",
        follow_up=None,
        by=iro,
        at=NOW,
        on=NOW.date(),
    )
    before = open_review().duty.due_on
    folder.write("Reviews", review("26/06/2017", code))
    report = load()
    assert counts(report, "Reviews") == expected
    assert Review.objects.held().get().participation == "PN1"
    assert open_review().duty.due_on == before


def test_the_review_that_was_open_is_the_one_the_return_says_was_held(folder, load, council):
    folder.write("Header", header()).write("Episodes", episode())
    load()
    iro = employ(person(council, "Ina Iro"), "IRO")
    was = open_review()
    Duty.objects.filter(pk=was.duty_id).update(planned_for_on=date(2017, 6, 26), planned_at=NOW, planned_by=iro)
    folder.write("Reviews", review("26/06/2017"))
    load()
    held = Review.objects.held().get()
    assert (held.uuid, held.duty.planned_for_on) == (was.uuid, date(2017, 6, 26))
    assert (open_review().number, open_review().duty.planned_for_on) == (2, None)


def test_staff_with_authority_wide_posts_see_imported_children(folder, load, council):
    manager = employ(person(council, "Mia Lead"), "IRO_MANAGER")
    folder.write("Header", header()).write("Episodes", episode())
    load()
    assert Child.objects.visible_to(viewer(manager)).count() == 1


def test_the_reading_is_remembered(folder, load, council):
    folder.write("Header", header()).write("Episodes", episode())
    load()
    council.refresh_from_db()
    assert council.history_from == date(2017, 4, 1)
    assert Return.objects.values_list("year", "read", "created").get() == (2018, 2, 2)


def test_tables_not_read_by_this_version_are_named(folder, load):
    folder.write("Header", header()).write("OC3", "C1,09/05/2010,YES,F1,K1")
    files = {file["file"]: file for file in load().as_json()["files"]}
    assert files["oc3.csv"] == {
        "file": "oc3.csv", "table": "OC3 (not read by this version)",
        "read": 0, "created": 0, "updated": 0, "unchanged": 0, "rejected": 0,
    }  # fmt: skip


def test_two_authorities_may_use_the_same_reference(folder, load, place):
    Child.objects.create(
        authority=place.authority, reference="C1", sort_name="c1", date_of_birth=date(2010, 5, 9), sex="F"
    )
    folder.write("Header", header()).write("Episodes", episode())
    assert load().rejected == []
    assert Child.objects.filter(reference="C1").count() == 2


def test_a_time_missing_that_ends_later_is_updated(folder, load):
    folder.write("Header", header()).write("Missing", "C1,09/05/2010,M,05/07/2017,")
    load()
    folder.write("Missing", "C1,09/05/2010,M,05/07/2017,08/07/2017")
    assert counts(load(), "Missing") == (1, 0, 1, 0, 0)
    assert MissingSpell.objects.get().ends_on == date(2017, 7, 8)


def test_the_planner_learns_of_the_new_rows(folder, load, django_capture_on_commit_callbacks):
    folder.write("Header", header(), header("C2")).write("Episodes", episode(), episode("C2"))
    with django_capture_on_commit_callbacks(execute=True):
        load()
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE oid = 'children_episode'::regclass")
        assert cursor.fetchone() == (2,)


def test_references_that_differ_only_in_capitals_are_told_and_make_no_second_child(folder, load):
    folder.write("Header", header("D1"), header("d1"), header("E2"))
    folder.write("Episodes", episode("D1"), episode("d1"), episode("E2"))
    first = load()
    assert sorted(Child.objects.values_list("reference", flat=True)) == ["D1", "E2"]
    assert {(one.file, one.row, one.value) for one in first.rejected} == {
        ("header.csv", 3, "d1"),
        ("episodes.csv", 3, "d1"),
    }
    folder.write("Header", header("d1"), header("E2"))
    again = load(2019)
    assert {one.reason for one in again.rejected if one.value == "d1"} == {
        "This differs only in capitals from D1, which is held already or stands earlier in this return."
        " Write one child's reference in one way."
    }
    assert Child.objects.count() == 2
