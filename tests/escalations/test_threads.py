"""Ten managers press the same button at the same moment."""

from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from escalations.models import Response
from escalations.rules import ConcernRaised
from escalations.services import raise_concern, set_ladder
from tests.conftest import LONG_AGO, employ, person
from tests.escalations.conftest import RUNGS

pytestmark = pytest.mark.django_db(transaction=True)

CROWD = 10


@pytest.fixture
def asked_now(place, make_child):
    """A concern raised today by the real clock, since the doors read it."""
    from django.utils import timezone

    set_ladder(authority=place.authority, starts_on=LONG_AGO, stages=RUNGS)
    child = make_child()
    return raise_concern(
        child=child,
        stage=child.authority.ladders.get().stages.get(position=0),
        raised=ConcernRaised("No health assessment", "A date"),
        by=place.people["iro"],
        at=timezone.now(),
        on=timezone.localdate(),
    )


def managers(place):
    return [
        employ(person(place.authority, f"Manager{number} Crowd"), "TEAM_MANAGER", team=place.teams["north"])
        for number in range(CROWD)
    ]


def signed_in_as(user):
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def all_at_once(clients, url, fields):
    """Post at the same moment from as many threads; the answers in the order of the clients."""
    answers, barrier = [None] * len(clients), Barrier(len(clients))

    def press(number):
        barrier.wait()
        answers[number] = clients[number].post(url, fields(number))
        connection.close()

    threads = [Thread(target=press, args=[number]) for number in range(len(clients))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_one_is_kept_and_nine_are_told_with_their_text(place, asked_now):
    clients = [signed_in_as(user) for user in managers(place)]
    url = reverse("escalations:respond", args=[asked_now.uuid])
    answers = all_at_once(
        clients,
        url,
        lambda number: {
            "answer": "CONTESTED",
            "reason": f"The reason of number {number}",
            "submission": str(uuid4()),
            "position": "0",
        },
    )
    kept = Response.objects.select_related("responded_by").get()
    assert sorted(answer.status_code for answer in answers) == [302] + [409] * (CROWD - 1)
    for number, answer in enumerate(answers):
        if answer.status_code == 302:
            assert kept.reason == f"The reason of number {number}"
        else:
            page = answer.content.decode()
            assert f"{kept.responded_by} answered this concern" in page
            assert f"The reason of number {number}" in page


def test_ten_clicks_of_one_person_keep_one_answer_and_all_go_on(place, asked_now):
    token = str(uuid4())
    clients = [signed_in_as(place.people["team_manager"]) for _ in range(CROWD)]
    url = reverse("escalations:respond", args=[asked_now.uuid])
    fields = {"answer": "CONTESTED", "reason": "It was done", "submission": token, "position": "0"}
    answers = all_at_once(clients, url, lambda _: fields)
    assert {answer.status_code for answer in answers} == {302}
    assert Response.objects.count() == 1


def test_ten_clicks_raise_one_concern(place, asked_now):
    clients = [signed_in_as(place.people["iro"]) for _ in range(CROWD)]
    url = reverse("escalations:raise", args=[asked_now.child.uuid])
    fields = {"stage": "1", "concern": "Another", "sought": "A plan", "token": str(uuid4())}
    answers = all_at_once(clients, url, lambda _: fields)
    assert len({answer.url for answer in answers}) == 1
    assert asked_now.child.escalations.count() == 2
