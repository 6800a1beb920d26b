"""Each page about a child leaves one access event, in its own transaction, and no name anywhere else."""

import json
import logging
import re

import pytest
import structlog
from django.db import connection, transaction
from structlog.testing import capture_logs

from audit.models import AccessEvent
from tests.access.expectations import SIGNED_IN
from tests.access.routes import NAMES
from tests.access.test_every_url import ABOUT_A_CHILD, address, ask

pytestmark = pytest.mark.django_db
PAGES = [name for name in NAMES if name in SIGNED_IN and SIGNED_IN[name].about in ABOUT_A_CHILD]


def events():
    return list(AccessEvent.objects.order_by("pk").values_list("actor_id", "child_ids", "action", "what"))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_about_a_child_leaves_exactly_one_trace(name, world):
    own = world.subjects["own"]
    with transaction.atomic():
        before = AccessEvent.objects.count()
        answer = world.clients["IRO"].get(address(name, own, SIGNED_IN[name].about))
        left = events()[before:]
        transaction.set_rollback(True)
    if answer.status_code == 200:
        ((_, children, action, what),) = left
        assert (children, action) == ([own.child.pk], "VIEW")
        assert what.split(":")[0] == name.split(":")[0]
    else:
        # 404: there is nothing of the kind, as no promise in a concern without an answer
        assert answer.status_code in (302, 403, 404, 405, 409), f"{name} gave {answer.status_code}"
        assert left == [] or answer.status_code != 404


@pytest.mark.parametrize("name", PAGES)
def test_what_was_not_shown_leaves_no_trace_of_a_reading(name, world):
    before = AccessEvent.objects.count()
    ask(world.clients["IRO"], "get", address(name, world.subjects["elsewhere"], SIGNED_IN[name].about))
    assert AccessEvent.objects.count() == before


@pytest.mark.parametrize("name", PAGES)
def test_no_name_reaches_an_address_or_a_log(name, world, caplog):
    own = world.subjects["own"]
    url = address(name, own, SIGNED_IN[name].about)
    with capture_logs() as logs, caplog.at_level(logging.DEBUG):
        answer = ask(world.clients["IRO"], "get", url)
    said = json.dumps(logs, default=str) + caplog.text
    assert "Secret" not in said
    assert "iro@" not in said
    assert "Secret" not in "".join(re.findall(r'(?:href|action|src)="([^"]*)"', answer.content.decode()))


def test_the_request_is_logged_with_its_id_and_the_person_s_key(world):
    with capture_logs(processors=[structlog.contextvars.merge_contextvars]) as logs:
        ask(world.clients["IRO"], "get", "/accounts/mine/")
    finished = next(line for line in logs if line["event"] == "request_finished")
    assert finished["request_id"]
    assert isinstance(finished["user_id"], int)


def test_an_access_event_bears_the_request_s_id(world):
    with transaction.atomic(), capture_logs(processors=[structlog.contextvars.merge_contextvars]) as logs:
        world.clients["IRO"].get(address("children:people", world.subjects["own"], "child"))
        assert AccessEvent.objects.latest("pk").request_id in {line["request_id"] for line in logs}
        transaction.set_rollback(True)


def test_the_events_of_one_child_are_found_by_an_index(world):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("EXPLAIN SELECT * FROM audit_accessevent WHERE child_ids @> ARRAY[1]::bigint[]")
        assert "access_by_child" in " ".join(row[0] for row in cursor.fetchall())
