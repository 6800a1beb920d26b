"""What a rating leads to: the four ways, what each asks for, says and does."""

import pytest

from authorities.models import Policy
from authorities.words import words_of
from escalations.follow_up import RatingFollowUp
from escalations.models import Escalation, Ladder, LeftUnescalated
from escalations.rules import Overtaken, Rung
from escalations.services import resolve, set_ladder
from reviews.follow_up import FollowUp, follow_up
from tests.conftest import LONG_AGO, NOW, TODAY
from tests.escalations.test_services import held_review

pytestmark = pytest.mark.django_db


def posted(**answers):
    return {f"follow_up-{name}": value for name, value in answers.items()}


@pytest.fixture
def rated(place, ladder, make_child):
    return held_review(make_child())


def form_for(review, place, data=None, rag="RED"):
    return RatingFollowUp().form(review=review, rag=rag, data=data, user=place.people["iro"], on=TODAY)


def follow(review, place, words=None, **answers):
    """Choose, and do it; gives the sentence the person read first."""
    form = form_for(review, place, posted(**answers))
    assert form.is_valid(), form.errors
    chosen = {"review": review, "cleaned": form.cleaned_data, "on": TODAY}
    sentence = RatingFollowUp().sentence(**chosen, words=words_of(words or {}))
    RatingFollowUp().apply(**chosen, by=place.people["iro"], at=NOW)
    return sentence


def test_the_settings_name_this_follow_up():
    made: FollowUp = follow_up()
    assert isinstance(made, RatingFollowUp)


def test_green_asks_nothing(place, rated):
    assert form_for(rated, place, rag="GREEN") is None


def test_an_authority_that_does_not_link_ratings_asks_nothing(place, rated):
    Policy.objects.update(is_rag_linked_to_ladder=False)
    assert form_for(rated, place) is None


def test_an_authority_without_a_ladder_asks_nothing(place, make_child):
    assert not Ladder.objects.exists()
    assert form_for(held_review(make_child()), place) is None


def test_the_concern_starts_as_the_reason_for_the_rating(place, rated):
    assert form_for(rated, place)["concern"].value() == "No health assessment"


def test_before_it_is_recorded_the_reason_is_the_one_typed(place, rated):
    form = RatingFollowUp().form(
        review=rated, rag="RED", data=None, user=place.people["iro"], on=TODAY, rag_reason="As typed so far"
    )
    assert form["concern"].value() == "As typed so far"


def test_afterwards_it_says_who_was_asked_and_by_when(place, rated):
    assert RatingFollowUp().outcomes(review=rated) == []
    follow(rated, place, choice="INFORMAL", concern="No health assessment", sought="A date")
    raised = Escalation.objects.get()
    told = RatingFollowUp().outcomes(review=rated)
    assert [outcome.label for outcome in told] == [
        f"{raised.reference}: Informal, put to the team manager Meera North, to answer by 24 August 2026"
    ]
    assert str(raised.uuid) in told[0].url
    resolve(escalation=raised, resolution="A date was set", by=place.people["iro"], at=NOW, on=TODAY)
    assert "answered or resolved" in RatingFollowUp().outcomes(review=rated)[0].label


def test_the_informal_stage_is_the_default_and_linking_is_offered_only_where_something_is_open(place, rated, concern):
    form = form_for(rated, place)
    assert form["choice"].value() == "INFORMAL"
    assert [code for code, _ in form.fields["choice"].choices] == ["INFORMAL", "FORMAL", "LEAVE"]
    concern(child=rated.child)
    form = form_for(rated, place)
    assert [code for code, _ in form.fields["choice"].choices] == ["INFORMAL", "LINK", "FORMAL", "LEAVE"]


def test_a_ladder_without_an_informal_stage_offers_none(place, make_child):
    set_ladder(authority=place.authority, starts_on=LONG_AGO, stages=[Rung("Level 1", "TEAM_MANAGER", 5)])
    form = form_for(held_review(make_child()), place)
    assert [code for code, _ in form.fields["choice"].choices] == ["FORMAL", "LEAVE"]


@pytest.mark.parametrize(
    "answers, field",
    [
        ({}, "choice"),
        ({"choice": "INFORMAL"}, "sought"),
        ({"choice": "FORMAL", "sought": "A date"}, "stage"),
        ({"choice": "FORMAL", "sought": "A date", "stage": "0"}, "stage"),
        ({"choice": "LEAVE", "reason": "  "}, "reason"),
        ({"choice": "LINK"}, "choice"),
    ],
)
def test_each_way_asks_for_what_it_needs(place, rated, answers, field):
    assert list(form_for(rated, place, posted(**answers)).errors) == [field]


def test_the_informal_stage_names_who_is_asked_and_by_when(place, rated):
    sentence = follow(rated, place, choice="INFORMAL", sought="A date for it")
    assert sentence == (
        "This will open an informal resolution with the team manager Meera North, to answer by 24 August 2026."
    )
    escalation = Escalation.objects.get()
    assert (escalation.concern, escalation.sought) == ("No health assessment", "A date for it")
    assert escalation.links.get().review == rated


def test_straight_to_a_formal_stage(place, rated):
    sentence = follow(rated, place, choice="FORMAL", stage="3", concern="Unsafe", sought="Move")
    assert sentence.startswith("This will go straight to Stage 3 with the assistant director Alf Assist")
    assert Escalation.objects.get().stage.name == "Stage 3"


def test_linking_to_a_concern_already_open(place, rated, concern):
    escalation = concern(child=rated.child, position=1)
    sentence = follow(rated, place, choice="LINK", escalation=str(escalation.uuid))
    assert sentence == f"This will link the review to escalation {escalation.reference}, now at Stage 1."
    assert Escalation.objects.count() == 1
    assert not escalation.links.get().is_origin


def test_linking_is_said_in_the_authoritys_word(place, rated, concern):
    escalation = concern(child=rated.child, position=1)
    said = follow(rated, place, {"escalation": "challenge"}, choice="LINK", escalation=str(escalation.uuid))
    assert said == f"This will link the review to challenge {escalation.reference}, now at Stage 1."


def test_a_concern_resolved_meanwhile_is_not_linked(place, rated, concern):
    escalation = concern(child=rated.child)
    form = form_for(rated, place, posted(choice="LINK", escalation=str(escalation.uuid)))
    assert form.is_valid()
    resolve(escalation=escalation, resolution="Done", by=place.people["iro"], at=NOW, on=TODAY)
    with pytest.raises(Overtaken, match="resolved meanwhile"):
        RatingFollowUp().apply(review=rated, cleaned=form.cleaned_data, by=place.people["iro"], at=NOW, on=TODAY)


def test_leaving_keeps_the_reason(place, rated):
    follow(rated, place, choice="LEAVE", reason="Put right in the meeting", concern="Not kept")
    assert LeftUnescalated.objects.get().reason == "Put right in the meeting"
    assert not Escalation.objects.exists()


def test_the_form_draws_with_its_reveals(place, rated):
    html = str(form_for(rated, place))
    assert 'data-reveal-for="follow_up-choice" data-reveal-values="LEAVE"' in html
    assert 'name="follow_up-sought"' in html
