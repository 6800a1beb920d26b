"""What an authority has decided holds from its day on, and its own words stand on its screens."""

from datetime import date

import pytest

from authorities.models import Policy
from authorities.services import add_authority, add_service, add_team
from authorities.words import STANDARD, say, words_of
from tests.conftest import LONG_AGO, TODAY
from timescales.refusals import Refused

pytestmark = pytest.mark.django_db


def test_the_latest_policy_begun_is_in_force(place):
    later = Policy.objects.create(authority=place.authority, starts_on=date(2026, 1, 1), booking_buffer_days=5)
    assert Policy.objects.in_force(place.authority.pk, TODAY) == later
    assert Policy.objects.in_force(place.authority.pk, date(2025, 12, 31)).booking_buffer_days == 3


def test_history_before_the_first_policy_is_dated_by_it(place):
    assert Policy.objects.in_force(place.authority.pk, date(1999, 1, 1)).starts_on == LONG_AGO


def test_own_words_take_the_place_of_ours_and_nothing_else_comes_in():
    words = words_of({"escalations": "disputes", "children_looked_after": "", "colour": "red"})
    assert words == STANDARD | {"escalations": "disputes"}


def test_a_text_is_said_in_the_authoritys_words_with_capitals_where_it_asks():
    words = words_of({"escalations": "disputes", "children_looked_after": "CLA"})
    assert (
        say("{Escalations} of {children_looked_after}: open {escalations}", words) == "Disputes of CLA: open disputes"
    )
    assert say("{Children_looked_after} without {escalation}", words) == "CLA without escalation"


def test_a_word_with_braces_of_its_own_is_only_a_word():
    assert say("Open {escalations}", words_of({"escalations": "{child_looked_after}"})) == "Open {child_looked_after}"


def test_the_menu_speaks_the_authoritys_words(place, signed_in):
    Policy.objects.create(authority=place.authority, starts_on=date(2026, 1, 1), words={"escalations": "disputes"})
    page = signed_in(place.people["iro"]).get("/escalations/").content.decode()
    assert "Disputes" in page
    assert "Escalations" not in page


@pytest.mark.parametrize("code", ["", "a b", "x" * 21, "Ünder"])
def test_a_code_that_cannot_be_typed_is_refused(code):
    with pytest.raises(Refused, match="1 to 20 letters|blank|at most"):
        add_authority(code=code, name="Somewhere", on=TODAY)


def test_a_team_stays_in_its_own_authority(place, elsewhere):
    theirs = add_service(authority=elsewhere.authority, name="Theirs")
    with pytest.raises(Refused, match="another authority"):
        add_team(authority=place.authority, name="Ours", service=theirs)
