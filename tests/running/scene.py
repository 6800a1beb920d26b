"""A process of its own beside a running service: makes what the crash test needs, and tells what is held.

`python -m tests.running.scene make` and `… told`, each in the environment of the service it looks at.
"""

import json
import sys
from collections import Counter
from datetime import timedelta
from typing import Any

import django

CHILDREN = 12


def make() -> dict[str, Any]:
    """Children whose first review ought to be booked by now, and their IRO, signed in."""
    from django.test import Client
    from django.utils import timezone

    from children.services import add_child, allocate, move_team, start_care
    from reviews.services import start_cycle
    from tests.conftest import make_place

    now, place = timezone.now(), make_place("E06999009", "Crashford Council")
    care_from = timezone.localdate() - timedelta(days=12)
    ada, reviews = place.people["iro"], []
    for number in range(CHILDREN):
        born = timezone.localdate() - timedelta(days=4000)
        child = add_child(authority=place.authority, reference=f"C{number}", date_of_birth=born, sex="F", at=now)
        period = start_care(child=child, on=care_from, at=now, legal_status="C2", category_of_need="N1")
        move_team(child=child, team=place.teams["north"], on=care_from, at=now)
        allocate(child=child, kind="IRO", user=ada, on=care_from, at=now)
        reviews.append(str(start_cycle(care_period=period, at=now).uuid))
    client = Client()
    client.force_login(ada, backend="allauth.account.auth_backends.AuthenticationBackend")
    return {"reviews": reviews, "cookies": {name: morsel.value for name, morsel in client.cookies.items()}}


def told() -> dict[str, Any]:
    """What the database holds: bookings, alerts that stand and how often each thing was told to one person."""
    from alerts.models import Alert
    from reviews.models import Review

    booked = Review.objects.filter(booked_for_on__isnull=False).values_list("uuid", flat=True)
    unbooked = Alert.objects.filter(kind="REVIEW_UNBOOKED")
    told = Counter(Alert.objects.values_list("recipient", "kind", "review"))
    return {
        "booked": [str(uuid) for uuid in booked],
        "standing": [str(uuid) for uuid in unbooked.live().values_list("review__uuid", flat=True)],
        "unsent": Alert.objects.unsent().count(),
        "alerts": unbooked.count(),
        "most_often": max(told.values()),
    }


if __name__ == "__main__":
    django.setup()
    sys.stdout.write(json.dumps({"make": make, "told": told}[sys.argv[1]]()) + "\n")
