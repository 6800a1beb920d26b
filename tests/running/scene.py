"""A process of its own beside a running service: makes what the crash test needs, and tells what is held.

`python -m tests.running.scene make` and `… told`, each in the environment of the service it looks at.
"""

import json
import sys
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import django

if TYPE_CHECKING:
    from accounts.models import User
    from tests.conftest import Place

CHILDREN = 54


def make() -> dict[str, Any]:
    """Children whose first review ought to be booked by now, and the cookies of those who work on them.

    A concern is to be answered within a day, so that an alert about it arises at once.
    """
    from escalations.rules import Rung
    from escalations.services import set_ladder
    from tests.conftest import LONG_AGO, make_place

    place = make_place("E06999009", "Crashford Council")
    rungs = [Rung("Informal", ("TEAM_MANAGER",), 1, is_formal=False)]
    set_ladder(authority=place.authority, starts_on=LONG_AGO, stages=rungs)
    return {
        "reviews": [_first_review(place, f"C{number}") for number in range(CHILDREN)],
        "cookies": {role: _signed_in(place.people[role]) for role in ("iro", "team_manager")},
    }


def _first_review(place: "Place", reference: str) -> str:
    from django.utils import timezone

    from children.models import Child
    from children.services import add_child, allocate, move_team
    from reviews.services import start_care

    now, today = timezone.now(), timezone.localdate()
    born, care_from = today - timedelta(days=4000), today - timedelta(days=12)
    child = add_child(
        child=Child(authority=place.authority, reference=reference, date_of_birth=born, sex="F"), at=now
    )
    period = start_care(child=child, on=care_from, at=now, legal_status="C2", category_of_need="N1")
    move_team(child=child, team=place.teams["north"], on=care_from, at=now)
    allocate(child=child, kind="IRO", user=place.people["iro"], on=care_from, at=now)
    return str(period.reviews.get().uuid)


def _signed_in(user: "User") -> dict[str, str]:
    from django.test import Client

    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return {name: morsel.value for name, morsel in client.cookies.items()}


def told() -> dict[str, Any]:
    """What the database holds of each act and of what follows from it, and who was told what."""
    return {**_acts(), **_alerts()}


def _acts() -> dict[str, Any]:
    """Each act as uuid and words, the reviews that its consequences come from, and how often each was noted."""
    from audit.models import BusinessEvent
    from escalations.models import Response
    from reviews.models import EscalationReview, Review

    following = Review.objects.filter(number=2, care_period__reviews__number=1)
    verbs = BusinessEvent.objects.values_list("verb", flat=True)
    return {
        "booked": list(Review.objects.exclude(duty__planned_for_on=None).values_list("uuid", "duty__planned_for_on")),
        "recorded": list(Review.objects.exclude(held_on=None).values_list("uuid", "discussion")),
        "answered": list(Response.objects.values_list("step__escalation__uuid", "action")),
        "followed": list(following.values_list("care_period__reviews__uuid", flat=True)),
        "escalated": list(EscalationReview.objects.values_list("escalation__uuid", "review__uuid")),
        "noted": Counter(verb.partition(".")[2] for verb in verbs),
    }


def _alerts() -> dict[str, Any]:
    from alerts.models import Alert, Sweep

    standing = Alert.objects.live()
    told = Counter(Alert.objects.values_list("recipient", "duty", "standing", "due_on"))
    return {
        "sweep_began_at": Sweep.objects.latest().started_at.timestamp(),
        "unbooked": list(standing.coded("REVIEW_UNBOOKED").values_list("duty__about", flat=True)),
        "unanswered": list(standing.coded("RESPONSE_DUE").values_list("duty__about", flat=True)),
        "unsent": Alert.objects.unsent().count(),
        "doubled": [what for what, often in told.items() if often > 1],
        "mails": _mails(),
    }


def _mails() -> dict[str, str]:
    """The mails whose alerts are marked as sent: what each tells, by its Message-ID."""
    from alerts.mail import message_id
    from alerts.models import Alert
    from alerts.words import counted

    sent: dict[Any, list[Alert]] = {}
    for alert in Alert.objects.exclude(sent_at=None).select_related("duty"):
        sent.setdefault((alert.recipient_id, alert.sent_at), []).append(alert)
    return {message_id(alerts): ", ".join(counted(alerts)) for alerts in sent.values()}


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(json.dumps({"make": make, "told": told}[sys.argv[1]](), default=str) + "\n")
