"""Raising, answering, moving up and resolving: what is kept, what is refused, who may."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from accounts.services import leave_post
from audit.models import BusinessEvent
from authorities.models import CalendarDay
from children.services import allocate, end_allocation, move_team
from escalations import permissions
from escalations.models import Escalation, Ladder, Response
from escalations.rules import AlreadyAnswered, AnswerGiven, ConcernRaised, Overtaken, Rung, Seen
from escalations.services import (
    move_up,
    raise_concern,
    resolve,
    respond,
    set_ladder,
)
from tests.conftest import LONG_AGO, NOW, TODAY, employ, person
from tests.escalations.conftest import RUNGS
from tests.making import viewer
from timescales.refusals import Refused

pytestmark = pytest.mark.django_db


def move(escalation, position, place, by="iro", **kwargs):
    stage = escalation.ladder.stages.get(position=position)
    given = {"reason": "No answer that settles it"} | kwargs
    return move_up(escalation=escalation, stage=stage, by=place.people[by], at=NOW, on=TODAY, **given)


# the ladder


def test_a_ladder_of_21_formal_days_is_not_kept(place):
    with pytest.raises(Refused, match="6.2"):
        set_ladder(authority=place.authority, starts_on=TODAY, stages=[Rung("One", ("DIRECTOR",), 21)])
    assert not Ladder.objects.exists()


def test_a_second_ladder_from_the_same_day_is_refused(place, ladder):
    with pytest.raises(Refused, match="Another ladder begins on 6 January 2020"):
        set_ladder(authority=place.authority, starts_on=LONG_AGO, stages=RUNGS)


def test_an_open_concern_stays_on_its_own_ladder(place, concern):
    escalation = concern()
    newer = set_ladder(authority=place.authority, starts_on=TODAY, stages=RUNGS[:2])
    assert Ladder.objects.in_force(place.authority.pk, TODAY) == newer
    with pytest.raises(Refused, match="own ladder"):
        move_up(
            escalation=escalation,
            stage=newer.stages.get(position=1),
            reason="No answer",
            by=place.people["iro"],
            at=NOW,
            on=TODAY,
        )


# raising


def test_a_concern_asks_for_its_answer_in_working_days(concern):
    escalation = concern()
    step = escalation.steps.get()
    assert step.duty.due_on == date(2026, 8, 24)
    assert step.duty.due_soon_on == date(2026, 8, 20)
    assert step.reason == ""
    event = BusinessEvent.objects.get(verb="escalation.raised")
    assert event.detail == {"stage": 0, "due_on": "2026-08-24"}


def test_a_proclaimed_day_lengthens_the_count(concern):
    CalendarDay.objects.create(on=date(2026, 8, 19), name="A day of celebration")
    assert concern().steps.get().duty.due_on == date(2026, 8, 25)


def test_a_concern_may_start_at_a_formal_stage(concern):
    assert concern(position=3).steps.get().stage.name == "Stage 3"


def test_the_same_form_twice_raises_one_concern(make_child, concern):
    child, token = make_child(), uuid4()
    assert concern(child=child, uuid=token) == concern(child=child, uuid=token)
    assert Escalation.objects.count() == 1


@pytest.mark.parametrize("missing", ["concern", "sought"])
def test_a_concern_says_what_is_wrong_and_what_would_settle_it(place, ladder, make_child, missing):
    words = {"concern": "Late", "sought": "A date"} | {missing: " "}
    with pytest.raises(Refused) as refused:
        raise_concern(
            child=make_child(),
            stage=ladder.stages.get(position=0),
            raised=ConcernRaised(**words),
            by=place.people["iro"],
            at=NOW,
            on=TODAY,
        )
    assert refused.value.field == missing


@pytest.mark.parametrize("who", ["other_iro", "social_worker", "team_manager", "head", "business_support"])
def test_only_the_iro_or_the_iro_manager_raises(concern, who):
    with pytest.raises(Refused, match="IRO"):
        concern(by=who)


def test_the_iro_manager_raises(concern):
    assert concern(by="iro_manager").pk


# answering


def test_an_answer_is_kept_and_the_move_is_the_iros(place, concern, answer):
    escalation = concern()
    kept = answer(escalation)
    assert not Escalation.objects.awaiting_response().exists()
    assert (kept.answer, kept.action, kept.reason) == ("ACCEPTED", "Book it.", "")
    assert kept.step.closed_at is None
    assert BusinessEvent.objects.get(verb="escalation.answered").detail == {"answer": "ACCEPTED", "stage": 0}


def test_a_contest_keeps_no_promise(concern, answer):
    kept = answer(concern(), answer="CONTESTED", reason="It was done in May.")
    assert (kept.action, kept.action_due_on, kept.reason) == ("", None, "It was done in May.")


def test_a_second_click_changes_nothing(concern, answer):
    escalation, token = concern(), uuid4()
    assert answer(escalation, submission=token) == answer(escalation, submission=token, action="Another")
    assert Response.objects.get().action == "Book it."


def test_a_token_of_another_answer_is_refused(concern, answer):
    token = uuid4()
    answer(concern(), submission=token)
    with pytest.raises(Refused, match="used for another answer"):
        answer(concern(), submission=token)


def test_the_second_person_hears_who_was_first(place, concern, answer):
    escalation = concern()
    employ(person(place.authority, "Second Manager"), "TEAM_MANAGER", team=place.teams["north"])
    answer(escalation)
    place.people["second"] = permissions.responders(escalation.steps.get()).get(first_name="Second")
    with pytest.raises(AlreadyAnswered, match="Meera North answered this concern on 17 August 2026"):
        answer(escalation, by="second")


@pytest.mark.parametrize("who", ["service_manager", "other_team_manager", "head", "iro", "iro_manager", "auditor"])
def test_only_the_rungs_own_role_answers(concern, answer, who):
    escalation = concern()
    with pytest.raises(Refused):
        answer(escalation, by=who)
    assert not Response.objects.exists()


def test_a_team_manager_elsewhere_with_a_service_post_over_the_child_does_not_answer(place, concern, answer):
    both = employ(person(place.authority, "Two Posts"), "TEAM_MANAGER", team=place.teams["east"])
    employ(both, "SERVICE_MANAGER", service=place.services["care"])
    place.people["both"] = both
    escalation = concern()
    assert not Escalation.objects.waiting_for(viewer(both)).exists()
    with pytest.raises(Refused, match="Only the team manager"):
        answer(escalation, by="both")


def test_nobody_answers_what_they_raised(place, ladder, make_child, concern, answer):
    employ(place.people["iro_manager"], "TEAM_MANAGER", team=place.teams["north"])
    escalation = concern(by="iro_manager")
    with pytest.raises(Refused, match="You raised this concern"):
        answer(escalation, by="iro_manager")
    assert not Escalation.objects.waiting_for(viewer(place.people["iro_manager"])).exists()


def test_an_answer_to_a_rung_left_behind_is_overtaken(place, concern, answer):
    escalation = concern()
    step = escalation.steps.get()
    move(escalation, 1, place)
    with pytest.raises(Overtaken, match="Ada Iro has already moved this concern to Stage 1"):
        respond(
            step=step,
            given=AnswerGiven("CONTESTED", reason="No"),
            submission=uuid4(),
            by=place.people["team_manager"],
            at=NOW,
            on=TODAY,
        )


# moving up


def test_moving_up_may_skip_and_asks_anew(place, concern):
    escalation = concern()
    step = move(escalation, 3, place)
    escalation.refresh_from_db()
    assert escalation.stage.name == "Stage 3"
    assert step.duty.due_on == date(2026, 8, 24)
    assert escalation.steps.filter(closed_at__isnull=True).get() == step
    assert step.reason == "No answer that settles it"


@pytest.mark.parametrize("who", ["other_iro", "team_manager", "service_manager", "head", "director"])
def test_only_the_iro_or_the_iro_manager_moves_or_resolves(place, concern, who):
    escalation = concern()
    with pytest.raises(Refused, match="IRO"):
        move(escalation, 1, place, by=who)
    with pytest.raises(Refused, match="IRO"):
        resolve(escalation=escalation, resolution="Done", by=place.people[who], at=NOW, on=TODAY)
    escalation.refresh_from_db()
    assert escalation.status == "OPEN"


def test_the_same_move_twice_opens_one_step(place, concern):
    escalation = concern()
    first = move(escalation, 2, place, seen=Seen(0))
    assert move(escalation, 2, place, seen=Seen(0)) == first
    assert escalation.steps.count() == 2


def test_two_people_moving_at_once_hear_of_each_other(place, concern):
    escalation = concern()
    move(escalation, 2, place, by="iro_manager", seen=Seen(0))
    with pytest.raises(Overtaken, match="Ivy Lead has already moved this concern to Stage 2"):
        move(escalation, 3, place, seen=Seen(0))


def test_a_move_without_a_reason_or_downwards_is_refused(place, concern):
    escalation = concern(position=2)
    with pytest.raises(Refused, match="why"):
        move(escalation, 3, place, reason="")
    with pytest.raises(Refused, match="only moves up"):
        move(escalation, 1, place)


# resolving


def test_resolving_closes_the_rung_in_the_iros_words(place, concern):
    escalation = concern()
    resolve(escalation=escalation, resolution="Done on 2 September.", by=place.people["iro"], at=NOW, on=TODAY)
    escalation.refresh_from_db()
    assert escalation.status == "RESOLVED"
    assert not Escalation.objects.awaiting_response().exists()
    assert not escalation.steps.filter(closed_at__isnull=True).exists()


def test_resolving_needs_words_and_happens_once(place, concern):
    escalation = concern()
    ada, ivy = place.people["iro"], place.people["iro_manager"]
    with pytest.raises(Refused, match="how it was resolved"):
        resolve(escalation=escalation, resolution=" ", by=ada, at=NOW, on=TODAY)
    resolve(escalation=escalation, resolution="Done", by=ada, at=NOW, on=TODAY)
    resolve(escalation=escalation, resolution="Done", by=ada, at=NOW, on=TODAY)  # a second click
    assert BusinessEvent.objects.filter(verb="escalation.resolved").count() == 1
    with pytest.raises(Overtaken, match="Ada Iro has already resolved"):
        resolve(escalation=escalation, resolution="I say so too", by=ivy, at=NOW, on=TODAY)
    with pytest.raises(Overtaken):
        move(escalation, 1, place)


def test_a_resolved_concern_is_not_answered(place, concern, answer):
    escalation = concern()
    step = escalation.steps.get()
    resolve(escalation=escalation, resolution="Done", by=place.people["iro"], at=NOW, on=TODAY)
    with pytest.raises(Overtaken, match="resolved"):
        respond(
            step=step,
            given=AnswerGiven("CONTESTED", reason="No"),
            submission=uuid4(),
            by=place.people["team_manager"],
            at=NOW,
            on=TODAY,
        )


# who is asked


@pytest.mark.parametrize(
    "position, who",
    list(enumerate(["team_manager", "service_manager", "head", "assistant_director", "director"])),
)
def test_each_rung_asks_the_post_that_reaches_the_child(place, elsewhere, concern, position, who):
    escalation = concern(position=position)
    assert list(permissions.responders(escalation.steps.get())) == [place.people[who]]
    assert permissions.responders_of([escalation]) == {escalation.pk: [place.people[who]]}
    assert list(Escalation.objects.waiting_for(viewer(place.people[who]))) == [escalation]


def test_after_the_child_moves_the_new_teams_manager_is_asked(place, make_child, concern):
    child = make_child()
    escalation = concern(child=child)
    move_team(child=child, team=place.teams["east"], on=TODAY, at=NOW)
    new, old = place.people["other_team_manager"], place.people["team_manager"]
    assert list(permissions.responders(escalation.steps.get())) == [new]
    assert list(Escalation.objects.waiting_for(viewer(new))) == [escalation]
    assert not Escalation.objects.waiting_for(viewer(old)).exists()


def test_nobody_is_asked_where_the_post_is_empty(place, concern):
    escalation = concern()
    leave_post(holding=place.people["team_manager"].holdings.get(), on=TODAY, at=NOW)
    assert permissions.responders_of([escalation]) == {escalation.pk: []}
    assert permissions.with_whom(escalation.stage, []) == "team manager (nobody in post)"


def test_what_waits_comes_with_all_a_card_shows(place, concern, django_assert_num_queries):
    concern()
    concern()
    manager = viewer(place.people["team_manager"])
    assert manager.posts  # read once for a whole page
    with django_assert_num_queries(1):
        rows = list(Escalation.objects.waiting_for(manager))
        assert [(row.child.reference, row.stage.name, str(row.raised_by)) for row in rows]
    assert len(rows) == 2


def test_an_answer_waits_for_the_iro_of_today(place, make_child, concern, answer):
    child = make_child()
    escalation = concern(child=child)
    answer(escalation)
    ada, bob = place.people["iro"], place.people["other_iro"]
    assert list(Escalation.objects.waiting_for_iro(viewer(ada))) == [escalation]
    allocate(child=child, kind="IRO", user=bob, on=TODAY, at=NOW)
    assert not Escalation.objects.waiting_for_iro(viewer(ada)).exists()
    assert list(Escalation.objects.waiting_for_iro(viewer(bob))) == [escalation]
    end_allocation(allocation=child.allocations.get(kind="IRO", ends_on__isnull=True), on=TODAY, at=NOW)
    with pytest.raises(Refused, match="IRO"):
        move(escalation, 1, place, by="other_iro")


def test_the_response_date_never_falls_before_the_day_it_was_raised(concern):
    escalation = concern()
    assert escalation.steps.get().duty.due_on - escalation.raised_on >= timedelta(days=5)
