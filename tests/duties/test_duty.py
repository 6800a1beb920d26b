"""A duty: owed, planned, met, closed and dated again, and where it stands."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from audit.models import BusinessEvent
from authorities.models import CalendarDay, Policy
from duties import kinds, rules, tasks
from duties.cells import duty_standing
from duties.models import Duty
from duties.services import close, meet, plan, redate, reopen
from tests.conftest import NOW, TODAY
from tests.making import viewer
from timescales import Standing
from timescales.standing import standing


def standing_of(duty, on=TODAY):
    return Duty.objects.standing(on).get(pk=duty.pk).standing


def test_it_is_dated_when_it_comes_to_be_owed(owed):
    duty = owed()
    assert (duty.due_on, duty.owed_by_roles, str(duty)) == (date(2026, 9, 1), ["IRO"], "First review")


def test_without_anything_to_run_from_its_date_is_not_known(owed):
    duty = owed(rule="NOT_KNOWN", runs_from_on=None)
    assert (duty.due_on, standing_of(duty), str(duty)) == (None, "NOT_KNOWN", "Review")


def test_of_a_series_one_is_open_at_a_time(owed, make_child):
    child = make_child()
    first = owed(child=child)
    with pytest.raises(IntegrityError), transaction.atomic():
        owed(child=child)
    meet(duty=first, on=TODAY)
    assert owed(child=child, rule="SECOND_REVIEW", runs_from_on=TODAY).is_open


def test_it_is_met_in_time_or_late(owed):
    duty = owed()
    meet(duty=duty, on=date(2026, 9, 1))
    assert standing_of(duty) == "MET"
    meet(duty=duty, on=date(2026, 9, 2))
    assert standing_of(duty) == "MET_LATE"


def test_what_closed_it_can_be_withdrawn(owed, place):
    duty = plan(duty=owed(), for_on=date(2026, 8, 28), by=place.people["iro"], at=NOW)
    close(duty=duty, reason=rules.CARE_ENDED, on=TODAY, at=NOW)
    assert (standing_of(duty), duty.is_open) == ("CLOSED", False)
    reopen(duty=duty)
    assert (standing_of(duty), duty.planned_for_on) == ("NOT_DUE", date(2026, 8, 28))


def test_nobody_closes_it_without_a_name_but_facts(owed):
    with pytest.raises(IntegrityError), transaction.atomic():
        close(duty=owed(), reason="We lost it", on=TODAY, at=NOW)


@pytest.mark.parametrize("planned", [None, -9, 0, 1])
@pytest.mark.parametrize("from_on", [date(2026, 8, 3), date(2020, 1, 6)])
@pytest.mark.parametrize("met", [None, 0, 1])
def test_the_database_and_the_law_say_the_same_of_a_standing(owed, place, met, planned, from_on):
    duty = owed(rule="LATER_REVIEW", runs_from_on=from_on)
    if planned is not None:
        plan(duty=duty, for_on=duty.due_on + timedelta(days=planned), by=place.people["iro"], at=NOW)
    if met is not None:
        meet(duty=duty, on=duty.due_on + timedelta(days=met))
    for days in range(-40, 41, 8):
        on = duty.due_on + timedelta(days=days)
        said = standing(
            duty.due_on, duty.met_on, on, duty.due_soon_on, planned_for_on=duty.planned_for_on, rule=duty.rule
        )
        assert standing_of(duty, on) == said == duty_standing(duty, on)


def test_a_proclaimed_holiday_dates_every_clock_that_counts_working_days_again(owed, place):
    first, later = owed(), owed(series="LATER", rule="LATER_REVIEW")
    answer = owed(kind="RESPONSE", rule="STAGE_ANSWER", allowed=10, series="", owed_by_roles=("TEAM_MANAGER",))
    CalendarDay.objects.create(on=date(2026, 8, 12), name="A proclaimed day")
    assert redate(authority_id=place.authority.pk, on=TODAY, at=NOW) == 2  # months do not move
    days = [Duty.objects.get(pk=duty.pk).due_on for duty in (first, later, answer)]
    assert days == [date(2026, 9, 2), date(2027, 2, 3), date(2026, 8, 18)]
    event = BusinessEvent.objects.get(verb="duty.redated", subject_id=first.pk)
    assert (event.detail["was_due_on"], event.detail["due_on"]) == ("2026-09-01", "2026-09-02")
    assert redate(authority_id=place.authority.pk, on=TODAY, at=NOW) == 0


def test_the_clock_catches_up_with_a_policy_that_begins_today(owed, place):
    duty = owed()
    Policy.objects.create(authority=place.authority, starts_on=TODAY, first_due_soon_days=9)
    with time_machine.travel(NOW, tick=False):
        tasks.redate.apply().get()
        tasks.redate.apply().get()
    assert Duty.objects.get(pk=duty.pk).due_soon_on == date(2026, 8, 18)
    assert BusinessEvent.objects.filter(verb="duty.redated", actor_id=None).count() == 1


def test_another_authoritys_duties_keep_their_dates(owed, elsewhere):
    duty = owed()
    Policy.objects.filter(authority=elsewhere.authority).update(first_due_soon_days=9)
    assert redate(authority_id=elsewhere.authority.pk, on=TODAY, at=NOW) == 0
    assert Duty.objects.get(pk=duty.pk).due_soon_on == date(2026, 8, 24)


def test_a_kind_taken_out_of_the_table_keeps_its_open_duties(owed, place, monkeypatch):
    duty = owed()
    monkeypatch.setattr(kinds, "KINDS", tuple(kind for kind in kinds.KINDS if kind.code != "REVIEW"))
    Policy.objects.filter(authority=place.authority).update(first_due_soon_days=9)
    redate(authority_id=place.authority.pk, on=TODAY, at=NOW)
    duty = Duty.objects.get(pk=duty.pk)
    assert (duty.due_soon_on, str(duty), standing_of(duty)) == (date(2026, 8, 24), "Review", "NOT_DUE")


def test_each_is_owed_by_whom_its_post_reaches(owed, place, make_child):
    review = owed()
    answer = owed(
        kind="RESPONSE", rule="STAGE_ANSWER", allowed=5, series="", owed_by_roles=("TEAM_MANAGER",),
        child=review.child,
    )  # fmt: skip
    mine = {name: set(Duty.objects.owed_by(place.people[name])) & {review, answer} for name in place.people}
    assert {name: found for name, found in mine.items() if found} == {"iro": {review}, "team_manager": {answer}}


def test_who_raised_it_does_not_owe_its_answer(owed, place):
    manager = place.people["team_manager"]
    answer = owed(
        kind="RESPONSE", rule="STAGE_ANSWER", allowed=5, series="", owed_by_roles=("TEAM_MANAGER",),
        not_owed_by=manager,
    )  # fmt: skip
    assert answer not in Duty.objects.owed_by(manager)


def test_who_reads_no_records_knows_of_no_answers(owed, place):
    review = owed()
    answer = owed(
        kind="RESPONSE", rule="STAGE_ANSWER", allowed=5, series="", owed_by_roles=("TEAM_MANAGER",),
        child=review.child,
    )  # fmt: skip
    support, iro, stranger = (place.people[name] for name in ("business_support", "iro", "other_iro"))
    seen = [set(Duty.objects.visible_to(viewer(user))) & {review, answer} for user in (support, iro, stranger)]
    assert seen == [{review}, {review, answer}, set()]


def test_each_standing_has_its_own_read(owed):
    duty = owed()
    when = {"overdue": date(2026, 9, 2), "due_soon": date(2026, 8, 24), "to_arrange": date(2026, 8, 10)}
    for name, day in when.items():
        assert duty in getattr(Duty.objects, name)(day), name
        assert duty not in getattr(Duty.objects, name)(date(2026, 8, 9)), name
    assert duty not in Duty.objects.due_soon(date(2026, 9, 2))
    assert standing_of(duty, date(2026, 8, 24)) == Standing.DUE_SOON
