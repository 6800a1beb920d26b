"""An authority sets its ladder by screen: any shape a council has, shown before it is saved, from a day on."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse

from accounts.services import leave_post
from audit.models import BusinessEvent
from escalations.examples import EXAMPLES
from escalations.models import Escalation, Ladder
from escalations.permissions import responders, responders_of
from escalations.rules import AnswerGiven, ConcernRaised, LadderDecided, Rung
from escalations.services import decide_ladder, raise_concern, respond, set_ladder, withdraw_ladder
from tests.conftest import LONG_AGO, NOW, TODAY
from tests.escalations.conftest import RUNGS
from tests.reviews.conftest import browser
from timescales.refusals import Conflict, Refused

pytestmark = pytest.mark.django_db
LATER = TODAY + timedelta(days=14)
SET = "escalations:set_ladder"
# Shapes that councils have: who answers together, the IRO manager for the service, longer than guidance.
SHAPES = {
    "social worker and team manager together": (
        Rung("Alert", ("SOCIAL_WORKER", "TEAM_MANAGER"), 10),
        Rung("Formal", ("SERVICE_MANAGER",), 5),
        Rung("Director", ("DIRECTOR",), 5),
    ),
    "the IRO manager at one rung": (
        Rung("Informal", ("TEAM_MANAGER",), 5, False),
        Rung("With the IRO manager", ("IRO_MANAGER",), 5),
        Rung("Head of service", ("HEAD_OF_SERVICE",), 5),
    ),
    "longer than guidance": (
        Rung("1", ("TEAM_MANAGER",), 7),
        Rung("2", ("HEAD_OF_SERVICE",), 7),
        Rung("3", ("DIRECTOR",), 7),
    ),
} | {example.code: example.rungs for example in EXAMPLES}


@pytest.fixture(autouse=True)
def _clock():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def ivy(place):
    """The IRO manager's browser."""
    return browser(place.people["iro_manager"])


def typed(rungs, *, day=LATER, **more):
    """What the form posts for these rungs."""
    fields = {
        "ladder_name": "Local resolution",
        "why_longer": "",
        "starts_on_day": str(day.day),
        "starts_on_month": str(day.month),
        "starts_on_year": str(day.year),
    }
    for number, rung in enumerate(rungs):
        fields |= {
            f"name_{number}": rung.name,
            f"roles_{number}": list(rung.responder_roles),
            f"days_{number}": str(rung.working_days),
            f"sign_off_{number}": rung.sign_off,
        }
        fields |= {f"formal_{number}": "on"} if rung.is_formal else {}
    return fields | more


def shown_by(answer):
    """The sentences of the page that says what it would mean."""
    return answer.context["sentences"]


@pytest.mark.parametrize("shape", SHAPES)
def test_any_shape_is_entered_by_screen_and_stands_as_entered(place, ivy, shape):
    rungs = SHAPES[shape]
    fields = typed(rungs, why_longer="Agreed with Cafcass" if shape == "longer than guidance" else "")
    checked = ivy.post(reverse(SET), fields | {"do": "check"})
    assert not Ladder.objects.exists()
    saved = ivy.post(reverse(SET), fields | {"do": "save", "shown": shown_by(checked)}, follow=True)
    assert "The ladder is set from" in saved.text
    stages = Ladder.objects.get(starts_on=LATER).stages.order_by("position")
    kept = [(one.name, tuple(one.responder_roles), one.working_days, one.is_formal) for one in stages]
    assert kept == [rung[:4] for rung in rungs]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.code)
def test_an_example_fills_the_form_and_is_within_guidance(place, ivy, example):
    form = ivy.get(reverse(SET), {"from": example.code}).context["form"]
    assert [row["name"].value() for row in form.rows()] == [rung.name for rung in example.rungs]
    assert sum(rung.working_days for rung in example.rungs if rung.is_formal) <= 20


def test_over_twenty_formal_days_asks_for_the_reason_and_keeps_what_was_typed(place, ivy):
    refused = ivy.post(reverse(SET), typed(SHAPES["longer than guidance"]) | {"do": "check"})
    assert "take 21 working days together" in refused.text
    assert "IRO Handbook" in refused.text
    assert 'value="7"' in refused.text
    given = typed(SHAPES["longer than guidance"], why_longer="Agreed with Cafcass")
    assert "Your reason is kept: Agreed with Cafcass" in shown_by(ivy.post(reverse(SET), given | {"do": "check"}))[2]


def test_the_page_says_what_stays_and_which_rung_nobody_could_answer(place, ivy, concern):
    concern()
    leave_post(holding=place.people["director"].holdings.get(), on=TODAY, at=NOW)
    said = shown_by(ivy.post(reverse(SET), typed(RUNGS) | {"do": "check"}))
    assert any(sentence.startswith("What is open stays on the ladder it began on: 1 now") for sentence in said)
    assert any("nobody holds a post now that answers at Stage 4" in sentence for sentence in said)


@pytest.mark.parametrize(
    "changed, words",
    [
        ({"days_0": "soon"}, "Informal: give it 1 to 60 working days to answer."),
        ({"name_1": ""}, "Every stage needs a name."),
        ({"name_1": "informal"}, "Two stages are called informal."),
        ({"roles_0": []}, "Informal: choose who answers."),
        ({"roles_0": ["AUDITOR"]}, "Select from the answers shown"),
        ({"starts_on_year": "2019"}, "is past. Choose today or a later day."),
        ({"formal_0": "on", "formal_1": ""}, "an informal stage must come before the formal ones"),
    ],
)
def test_what_cannot_be_a_ladder_is_refused_beside_its_box(place, ivy, changed, words):
    fields = {name: text for name, text in (typed(RUNGS[:2]) | changed).items() if text != "" or name != "formal_1"}
    refused = ivy.post(reverse(SET), fields | {"do": "check"})
    assert words in refused.text
    assert not Ladder.objects.exists()


def test_a_stage_is_added_and_removed_without_losing_what_was_typed(place, ivy):
    more = ivy.post(reverse(SET), typed(RUNGS[:2]) | {"do": "add"})
    assert [row["name"].value() for row in more.context["form"].rows()] == ["Informal", "Stage 1", ""]
    fewer = ivy.post(reverse(SET), typed(RUNGS[:3]) | {"remove": "1"})
    assert [row["name"].value() for row in fewer.context["form"].rows()] == ["Informal", "Stage 2"]
    assert [row["days"].value() for row in fewer.context["form"].rows()] == ["5", "5"]


def decide(place, *, by="iro_manager", seen=None, starts_on=LATER):
    decided = LadderDecided("Local resolution", starts_on, tuple(RUNGS))
    people, authority = place.people, place.authority
    return decide_ladder(authority=authority, decided=decided, seen=seen, by=people[by], at=NOW, on=TODAY)


def test_who_decided_and_when_is_kept(place):
    ladder = decide(place)
    assert (str(ladder.decided_by), ladder.decided_at) == ("Ivy Lead", NOW)
    assert BusinessEvent.objects.filter(verb="ladder.decided").count() == 1


def test_the_second_of_two_is_told_by_name(place):
    decide(place)
    with pytest.raises(Conflict, match="Ivy Lead has set a ladder from 31 August 2026 since you opened this page"):
        decide(place, by="administrator", starts_on=LATER + timedelta(days=1))


def test_a_ladder_that_has_not_begun_is_taken_back_and_one_that_has_is_not(place, ladder, ivy):
    to_come = decide(place, seen=ladder.pk)
    ivy.post(reverse("escalations:withdraw_ladder", args=[to_come.pk]))
    assert list(Ladder.objects.all()) == [ladder]
    with pytest.raises(Refused, match="has begun"):
        withdraw_ladder(ladder=ladder, by=place.people["iro_manager"], at=NOW, on=TODAY)


def test_who_saw_a_ladder_that_was_taken_back_is_told_so(place, ladder):
    to_come = decide(place, seen=ladder.pk)
    withdraw_ladder(ladder=to_come, by=place.people["iro_manager"], at=NOW, on=TODAY)
    with pytest.raises(Conflict, match="has been taken back since you opened this page"):
        decide(place, seen=to_come.pk)


def test_taking_back_a_second_time_is_answered_in_words(place, ladder, ivy):
    address = reverse("escalations:withdraw_ladder", args=[decide(place, seen=ladder.pk).pk])
    ivy.post(address)
    assert "it may have been taken back already" in ivy.post(address, follow=True).text


def test_who_was_second_gets_back_all_that_was_typed(place, ladder, ivy):
    fields = typed([RUNGS[0], RUNGS[1]._replace(sign_off="The principal social worker")]) | {"seen": str(ladder.pk)}
    shown = shown_by(ivy.post(reverse(SET), fields | {"do": "check"}))
    decide(place, seen=ladder.pk, starts_on=LATER + timedelta(days=5))
    overtaken = ivy.post(reverse(SET), fields | {"do": "save", "shown": shown})
    if overtaken.status_code == 200:  # what it would mean has changed with it, and is shown again first
        overtaken = ivy.post(reverse(SET), fields | {"do": "save", "shown": shown_by(overtaken)})
    assert overtaken.status_code == 409
    for kept in (
        "Local resolution",
        "Informal",
        "team manager, 5 working days, informal",
        "The principal social worker",
    ):
        assert kept in overtaken.text


def test_a_ladder_set_for_a_later_day_is_told_of(place, ladder, ivy):
    decide(place, seen=ladder.pk, starts_on=LATER + timedelta(days=5))
    said = shown_by(ivy.post(reverse(SET), typed(RUNGS) | {"do": "check"}))
    assert "From Saturday 5 September 2026 the ladder already set for that day takes its place." in said


def test_the_administrator_reads_the_ladder_and_does_not_set_it(place, ladder):
    administrator = browser(place.people["administrator"])
    assert "Stage 4" in administrator.get(reverse("escalations:ladders")).text
    assert administrator.get(reverse(SET)).status_code == 403


# who answers


@pytest.fixture
def alert(place, make_child):
    """A concern at a rung that asks social worker and team manager together."""
    rungs = (*SHAPES["social worker and team manager together"], Rung("Over", ("IRO_MANAGER",), 5))
    ladder = set_ladder(authority=place.authority, starts_on=LONG_AGO, stages=rungs[:1])
    said = ConcernRaised("No health assessment.", "A date.")
    child, iro = make_child(), place.people["iro"]
    return raise_concern(child=child, stage=ladder.stages.get(), raised=said, by=iro, at=NOW, on=TODAY)


def answered_by(place, escalation, who):
    return respond(
        step=escalation.steps.select_related("escalation", "stage").get(),
        given=AnswerGiven("CONTESTED", reason="It was done in May"),
        submission=uuid4(),
        by=place.people[who],
        at=NOW,
        on=TODAY,
    )


@pytest.mark.parametrize("who", ["social_worker", "team_manager"])
def test_any_one_of_those_a_rung_asks_answers(place, alert, who):
    assert answered_by(place, alert, who).responded_by == place.people[who]


def test_both_are_asked_wherever_it_is_said(place, alert):
    step = alert.steps.select_related("escalation", "stage").get()
    both = [place.people["team_manager"], place.people["social_worker"]]
    assert list(responders(step)) == both
    assert responders_of([Escalation.objects.select_related("stage").get()]) == {alert.pk: both}
    assert set(step.duty.owed_by_roles) == {"SOCIAL_WORKER", "TEAM_MANAGER"}
    for who in ("social_worker", "team_manager"):
        assert alert.reference in browser(place.people[who]).get(reverse("dashboards:home")).text or (
            "1 waits for you" in browser(place.people[who]).get(reverse("dashboards:home")).text
        )


def test_a_social_worker_of_another_child_is_not_asked(place, alert, make_child):
    other = make_child(team="east", iro="other_iro", worker=None)
    assert alert.child != other
    with pytest.raises(Refused, match="Only the social worker or team manager responsible"):
        answered_by(place, alert, "other_team_manager")
