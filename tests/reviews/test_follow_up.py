"""What a rating leads to: the four ways, what each asks for, says and does."""

import pytest

from authorities.models import Policy
from authorities.words import words_of
from escalations.models import Escalation, Ladder
from escalations.rules import Overtaken, Rung
from escalations.services import resolve, set_ladder
from reviews.forms import follow_up_form
from reviews.models import EscalationReview, LeftUnescalated
from reviews.services import follow_rating, follow_up_sentence, leave_unescalated, link_review
from reviews.views.outcomes import outcomes
from tests.conftest import LONG_AGO, NOW, TODAY
from tests.making import viewer
from tests.reviews.conftest import held_review
from timescales.refusals import Refused

pytestmark = pytest.mark.django_db


def posted(**answers):
    return {f"follow_up-{name}": value for name, value in answers.items()}


@pytest.fixture
def rated(place, ladder, make_child):
    return held_review(make_child())


def form_for(review, data=None, rag="RED"):
    return follow_up_form(review=review, rag=rag, data=data, on=TODAY)


def follow(review, place, words=None, **answers):
    """Choose, and do it; gives the sentence the person read first."""
    form = form_for(review, posted(**answers))
    assert form.is_valid(), form.errors
    chosen = {"review": review, "follow_up": form.chosen, "on": TODAY}
    sentence = follow_up_sentence(**chosen, words=words_of(words or {}))
    follow_rating(**chosen, by=place.people["iro"], at=NOW)
    return sentence


def test_green_asks_nothing(place, rated):
    assert form_for(rated, rag="GREEN") is None


def test_an_authority_that_does_not_link_ratings_asks_nothing(place, rated):
    Policy.objects.update(is_rag_linked_to_ladder=False)
    assert form_for(rated) is None


def test_an_authority_without_a_ladder_asks_nothing(place, make_child):
    assert not Ladder.objects.exists()
    assert form_for(held_review(make_child())) is None


def test_the_concern_starts_as_the_reason_for_the_rating(place, rated):
    assert form_for(rated)["concern"].value() == "No health assessment"


def test_before_it_is_recorded_the_reason_is_the_one_typed(place, rated):
    form = follow_up_form(review=rated, rag="RED", data=None, on=TODAY, rag_reason="As typed so far")
    assert form["concern"].value() == "As typed so far"


def test_afterwards_it_says_who_was_asked_and_by_when(place, rated):
    ada = viewer(place.people["iro"])
    assert outcomes(rated, ada) == []
    follow(rated, place, choice="INFORMAL", concern="No health assessment", sought="A date")
    raised = Escalation.objects.get()
    told = outcomes(rated, ada)
    assert [outcome.label for outcome in told] == [
        f"{raised.reference}: Informal, put to the team manager Meera North, to answer by 24 August 2026"
    ]
    assert str(raised.uuid) in told[0].url
    resolve(escalation=raised, resolution="A date was set", by=place.people["iro"], at=NOW, on=TODAY)
    assert "answered or resolved" in outcomes(rated, ada)[0].label


def test_the_informal_stage_is_the_default_and_linking_is_offered_only_where_something_is_open(place, rated, concern):
    form = form_for(rated)
    assert form["choice"].value() == "INFORMAL"
    assert [code for code, _ in form.fields["choice"].choices] == ["INFORMAL", "FORMAL", "LEAVE"]
    concern(child=rated.child)
    form = form_for(rated)
    assert [code for code, _ in form.fields["choice"].choices] == ["INFORMAL", "LINK", "FORMAL", "LEAVE"]


def test_a_ladder_without_an_informal_stage_offers_none(place, make_child):
    set_ladder(authority=place.authority, starts_on=LONG_AGO, stages=[Rung("Level 1", ("TEAM_MANAGER",), 5)])
    form = form_for(held_review(make_child()))
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
    assert list(form_for(rated, posted(**answers)).errors) == [field]


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
    form = form_for(rated, posted(choice="LINK", escalation=str(escalation.uuid)))
    assert form.is_valid()
    resolve(escalation=escalation, resolution="Done", by=place.people["iro"], at=NOW, on=TODAY)
    with pytest.raises(Overtaken, match="resolved meanwhile") as overtaken:
        follow_rating(review=rated, follow_up=form.chosen, by=place.people["iro"], at=NOW, on=TODAY)
    assert overtaken.value.field == "follow_up.escalation"


def test_leaving_keeps_the_reason(place, rated):
    follow(rated, place, choice="LEAVE", reason="Put right in the meeting", concern="Not kept")
    assert LeftUnescalated.objects.get().reason == "Put right in the meeting"
    assert not Escalation.objects.exists()


def test_the_form_draws_with_its_reveals(place, rated):
    html = str(form_for(rated))
    assert 'data-reveal-for="follow_up-choice" data-reveal-values="LEAVE"' in html
    assert 'name="follow_up-sought"' in html


# the links


def test_linking_a_review_twice_links_it_once(place, make_child, concern):
    child = make_child()
    escalation, review = concern(child=child), held_review(child)
    for _ in range(2):
        link_review(escalation=escalation, review=review, by=place.people["iro"], at=NOW)
    assert not escalation.links.get().is_origin


def test_a_review_of_another_child_is_not_linked(place, make_child, concern):
    with pytest.raises(Refused, match="another child"):
        link_review(escalation=concern(), review=held_review(make_child()), by=place.people["iro"], at=NOW)


def test_a_review_is_not_linked_to_what_is_resolved(place, make_child, concern):
    child = make_child()
    escalation = concern(child=child)
    resolve(escalation=escalation, resolution="Done", by=place.people["iro"], at=NOW, on=TODAY)
    with pytest.raises(Overtaken, match="resolved"):
        link_review(escalation=escalation, review=held_review(child), by=place.people["iro"], at=NOW)


def test_leaving_it_needs_a_reason(place, make_child):
    review = held_review(make_child(), rag="AMBER")
    with pytest.raises(Refused, match="why"):
        leave_unescalated(review=review, reason="", by=place.people["iro"], at=NOW)
    left = leave_unescalated(review=review, reason="Put right at the meeting", by=place.people["iro"], at=NOW)
    assert review.left_unescalated == left


def test_a_concern_raised_from_a_review_names_it_as_its_origin(place, rated):
    follow(rated, place, choice="INFORMAL", sought="A date")
    assert Escalation.objects.get().links.get().is_origin
    assert list(rated.escalations.all()) == list(Escalation.objects.filter(reviews=rated))


def test_the_history_of_links_and_reasons_is_written(place, rated, concern):
    link = link_review(escalation=concern(child=rated.child), review=rated, by=place.people["iro"], at=NOW)
    EscalationReview.objects.update(is_origin=True)
    left = leave_unescalated(review=rated, reason="Mended", by=place.people["iro"], at=NOW)
    LeftUnescalated.objects.update(reason="Mended on the day")
    links = link.events.order_by("pgh_id").values_list("pgh_label", "is_origin", "review")
    assert list(links) == [("insert", False, rated.pk), ("update", True, rated.pk)]
    reasons = left.events.order_by("pgh_id").values_list("pgh_label", "reason")
    assert list(reasons) == [("insert", "Mended"), ("update", "Mended on the day")]
