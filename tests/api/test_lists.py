"""Every list: its scope, its pages, its queries and the reading it leaves behind."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.roles import BY_CODE, Permission
from alerts.services import sweep
from audit.models import AccessEvent
from tests.access.world import CAST, sees
from tests.api.conftest import Machine, assert_problem, make_reviews_overdue
from tests.conftest import NOW, TODAY

LISTS = ("children", "reviews", "escalations", "duties", "alerts")
NAMES = {
    "children": "api:child-list",
    "reviews": "api:review-list",
    "escalations": "api:escalation-list",
    "duties": "api:duty-list",
    "alerts": "api:alert-list",
}


def ids(machine, name, **query):
    return [row["uuid"] for row in machine.get(f"/{name}/", **query).json()["results"]]


@pytest.mark.parametrize("role", BY_CODE)
def test_each_role_gets_its_own_children_or_403(role, own, strangers, foreign, place):
    machine = Machine(place.people[CAST[role]])
    if Permission.USE_API not in BY_CODE[role].permissions:
        for name in LISTS:
            assert_problem(machine.get(f"/{name}/"), 403)
        return
    expected = [one for which, one in (("own", own), ("stranger", strangers)) if sees(role, which)]
    assert set(ids(machine, "children")) == {str(one.child.uuid) for one in expected}
    assert set(ids(machine, "reviews")) == {str(one.review.uuid) for one in expected}
    assert set(ids(machine, "escalations")) == {str(one.escalation.uuid) for one in expected}


@pytest.mark.parametrize("name", LISTS)
def test_queries_do_not_grow_with_the_rows(name, ada, own, swept, place, subject):
    def count():
        with CaptureQueriesContext(connection) as queries:
            assert ada.get(f"/{name}/").status_code == 200
        return len(queries)

    ada.get(f"/{name}/")
    one = count()
    for _ in range(4):
        subject(place)
    make_reviews_overdue()
    sweep(authority=place.authority, at=NOW, on=TODAY)
    assert len(ids(ada, name)) >= 5
    assert count() == one <= 16


@pytest.mark.parametrize("name", ["children", "reviews", "escalations"])
def test_pages_hold_every_row_once(name, ada, own, place, subject):
    for _ in range(4):
        subject(place)
    whole, found, page = ids(ada, name), [], ada.get(f"/{name}/", page_size=2).json()
    while True:
        assert len(page["results"]) <= 2
        found += [row["uuid"] for row in page["results"]]
        if page["next"] is None:
            break
        page = ada.client.get(page["next"], headers=ada.headers).json()
    assert found == whole
    assert len(set(found)) == 5


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_one_reading_of_its_children(name, ada, own, swept):
    before = AccessEvent.objects.count()
    ada.get(f"/{name}/")
    event = AccessEvent.objects.latest("pk")
    assert AccessEvent.objects.count() == before + 1
    assert (event.action, event.what, event.child_ids) == ("LIST", NAMES[name], [own.child.pk])


def test_one_record_is_one_reading(ada, own):
    for path, what in (
        (f"/children/{own.child.uuid}/", "api:child-detail"),
        (f"/reviews/{own.review.uuid}/", "api:review-detail"),
        (f"/escalations/{own.escalation.uuid}/", "api:escalation-detail"),
    ):
        assert ada.get(path).status_code == 200
        event = AccessEvent.objects.latest("pk")
        assert (event.action, event.what, event.child_ids) == ("VIEW", what, [own.child.pk])


def test_a_child_with_its_people_and_no_place(ada, own):
    told = ada.get(f"/children/{own.child.uuid}/").json()
    assert told["iro"]["name"] == "Ada Iro"
    assert told["social_worker"]["name"] == "Sam Worker"
    assert told["team"] == {"name": "North", "service": "Children in Care", "starts_on": "2026-08-03"}
    assert told["care_periods"] == [{"starts_on": "2026-08-03", "ends_on": None}]
    assert "postcode" not in str(told)
    assert "id" not in told


def test_children_looked_after_now_or_no_longer(ada, own):
    assert ids(ada, "children", looked_after="now") == [str(own.child.uuid)]
    assert ids(ada, "children", looked_after="ended") == []
    assert_problem(ada.get("/children/", looked_after="maybe"), 400, "looked_after")


def test_ones_own_alerts_only(ada, meera, own, swept):
    (alert,) = ada.get("/alerts/", kind="REVIEW_OVERDUE").json()["results"]
    assert (alert["review"], alert["escalation"], alert["due_on"]) == (str(own.review.uuid), None, "2026-08-10")
    assert ids(meera, "alerts", kind="REVIEW_OVERDUE") == []
    assert_problem(ada.get("/alerts/", kind="LATE"), 400, "kind")
