"""A page and the trace it leaves stand or fall together."""

import pytest
from django.test import Client

from audit.models import AccessEvent
from tests.access.world import BACKEND


@pytest.mark.django_db(transaction=True)
def test_a_page_that_fails_takes_its_trace_with_it(place, make_child, monkeypatch):
    def broken(*args, **kwargs):
        raise ZeroDivisionError

    child = make_child()
    monkeypatch.setattr("children.permissions.may_allocate", broken)
    client = Client(raise_request_exception=False)
    client.force_login(place.people["iro"], backend=BACKEND)
    assert client.get(f"/children/{child.uuid}/people/").status_code == 500
    assert not AccessEvent.objects.exists()
    monkeypatch.undo()
    assert client.get(f"/children/{child.uuid}/people/").status_code == 200
    assert AccessEvent.objects.count() == 1
