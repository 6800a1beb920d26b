"""Signing in and out."""

import pytest

from .conftest import Town
from .person import Manner


@pytest.mark.parametrize("manner", ["mouse", "keyboard", "no scripts"])
def test_wrong_words_are_refused_then_the_right_ones_lead_where_one_was_going(town: Town, manner: Manner) -> None:
    username = town.may_sign_in("iro")
    ada = town.sits_down(manner)
    ada.opens("/reviews/")
    ada.reads("Sign in")
    ada.presses("button", "Sign in")
    ada.reads("There is a problem", "Enter your work e-mail address", "Enter your password")
    ada.signs_in(username, "not-the-password")
    ada.reads("There is a problem")
    ada.signs_in(username)
    assert ada.page.url.endswith("/reviews/")
    ada.presses("button", "Sign out")
    ada.reads("Sign in")
    ada.opens("/reviews/")
    ada.reads("Sign in")
