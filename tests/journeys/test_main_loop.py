"""The main loop with three people: what is due, recording, the ladder, alerts, figures."""

import pytest
from django.core import mail

from alerts.models import Alert
from children.models import Child
from escalations.models import Escalation
from reviews.models import Review
from tests.conftest import TODAY

from . import recording, working
from .conftest import Town
from .person import Manner

MANNERS: list[Manner] = ["mouse", "keyboard", "no scripts"]


def is_held_once(review: Review) -> None:
    """The database holds one record, one review after it and one concern, at its first rung."""
    review.refresh_from_db()
    assert (review.held_on, review.participation, review.rag) == (TODAY, "PN1", "AMBER")
    assert review.discussion == recording.DISCUSSION
    assert list(review.decisions.values_list("text", flat=True)) == [told.text for told in recording.DECISIONS]
    assert Review.objects.filter(child=review.child, held_on=None).count() == 1
    assert Escalation.objects.get().steps.count() == 1


def nobody_is_named(*children: Child) -> None:
    """Mails went out, and tell neither name nor reference of a child."""
    assert mail.outbox
    sent = "\n".join(f"{message.subject}\n{message.body}" for message in mail.outbox)
    for child in children:
        assert not [word for word in (child.given_name, child.family_name, child.reference) if word in sent]


@pytest.mark.parametrize("manner", MANNERS)
def test_from_a_due_date_to_the_figures(
    town: Town, manner: Manner, first_review: Review, late_review: Review
) -> None:
    child, late = first_review.child, late_review.child
    working.time_passes()

    ada = town.signed_in("iro", manner)
    working.sees_what_is_late_first(ada, late, child)
    working.asks_why_that_day(ada, child)
    working.is_told(ada, "Review overdue", "Review not booked")
    recording.records_the_review(ada, first_review)
    is_held_once(first_review)

    working.time_passes()
    working.is_told(ada, "Review overdue")
    nobody_is_named(child, late)

    meera = town.signed_in("team_manager", manner)
    working.answers_in_part(meera, first_review)
    working.moves_it_up(ada, first_review)
    working.resolves_it(ada)
    assert Escalation.objects.get().status == "RESOLVED"

    hana = town.signed_in("head", manner)
    working.reads_the_figures(hana, late, child)
    hana.presses("button", "Sign out")
    hana.reads("Sign in")
    assert Alert.objects.filter(child=child).live().count() == 0
