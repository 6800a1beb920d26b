"""Every line is JSON with who and which request, and no line, mail or Redis value holds a child's name."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import redis
import structlog
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.models import User
from alerts import tasks
from alerts.models import Alert
from children.models import Child
from escalations.rules import ConcernRaised, Rung
from escalations.services import raise_concern, set_ladder
from iro_service import celery_app
from reviews.made import DecisionMade, ReviewMade
from reviews.models import Review
from reviews.services import record_review
from tests.conftest import LONG_AGO, NOW, TODAY, Place

SECRET = "Zephyrine"


@pytest.fixture
def lines() -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """What is logged while the test runs, as the console would show it."""
    console = next(handler for handler in logging.getLogger().handlers if _is_ours(handler))
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(console.formatter)
    logging.getLogger().addHandler(handler)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    logging.getLogger().removeHandler(handler)


def _is_ours(handler: logging.Handler) -> bool:
    return isinstance(handler.formatter, structlog.stdlib.ProcessorFormatter)


def test_a_request_is_told_by_its_id_and_person_without_its_query(
    place: Place, signed_in: Callable[[User], Client], lines: Callable[[], list[dict[str, Any]]]
) -> None:
    signed_in(place.people["iro"]).get(f"/alerts/?query={SECRET}")
    finished = next(line for line in lines() if line["event"] == "request_finished")
    assert finished["user_id"] == place.people["iro"].pk
    assert finished["request_id"]
    assert finished["request"] == "GET /alerts/"
    assert SECRET not in json.dumps(lines())


def test_an_error_is_told_by_its_class_and_place_never_its_words(
    place: Place, make_child: Callable[..., Child], lines: Callable[[], list[dict[str, Any]]]
) -> None:
    child = make_child()
    Child.objects.filter(pk=child.pk).update(given_name=SECRET)
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        Child.objects.filter(pk=child.pk).update(sex=None, family_name=SECRET)
    error = caught.value
    assert SECRET in str(error), "PostgreSQL quotes the row; the log must not"
    structlog.get_logger("a").error("failed", exc_info=error, error=str(error), exception=error)
    logging.getLogger("b").error("failed", exc_info=error)
    told = lines()
    assert [line["errors"][0]["type"] for line in told] == ["django.db.utils.IntegrityError"] * 2
    assert [line["errors"][1]["type"] for line in told] == ["psycopg.errors.NotNullViolation"] * 2
    assert all("test_logs.py" in "".join(line["errors"][0]["at"]) for line in told)
    assert SECRET not in json.dumps(told)


def test_no_name_reaches_a_log_line_a_mail_or_redis_from_record_to_delivery(
    place: Place,
    make_child: Callable[..., Child],
    settings: Settings,
    lines: Callable[[], list[dict[str, Any]]],
    client: Client,
) -> None:
    ada, child = place.people["iro"], make_child()
    Child.objects.filter(pk=child.pk).update(given_name=SECRET, reference=f"REF-{SECRET}")
    rungs = [Rung("Informal", ("TEAM_MANAGER",), 5, is_formal=False)]
    set_ladder(authority=place.authority, starts_on=LONG_AGO, stages=rungs)
    review = child.reviews.get()
    client.force_login(ada, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert SECRET in client.get(reverse("dashboards:child", args=[child.uuid])).content.decode()
    _record(review, ada)
    _raise(child, ada)
    with time_machine.travel(NOW + timedelta(days=400), tick=False):
        celery_app.send_task("alerts.tasks.sweep")
        in_redis = _everything_in_redis(settings.REDIS_URL)
        tasks.sweep.apply()
        tasks.deliver.apply()
    celery_app.control.purge()
    assert Alert.objects.coded("REVIEW_OVERDUE").exists()
    assert Alert.objects.coded("RESPONSE_OVERDUE").exists()
    assert "alerts.tasks.sweep" in in_redis
    assert SECRET not in in_redis
    assert {line["event"] for line in lines()} >= {"alerts_swept", "alerts_delivered"}
    assert SECRET not in json.dumps(lines())
    assert len(mail.outbox) == 3
    assert not any(SECRET in message.message().as_string() for message in mail.outbox)


def _record(review: Review, ada: User) -> None:
    made = ReviewMade(
        held_on=TODAY,
        participation="PN1",
        childs_views=f"{SECRET} wants to stay",
        discussion=f"{SECRET} is doing well",
        rag="RED",
        rag_reason=f"{SECRET} has no plan",
        decisions=[DecisionMade(text=f"Ask {SECRET}", outcome="Asked", owner="Sam", due_on=TODAY)],
    )
    record_review(review=review, made=made, token=uuid4(), follow_up=None, by=ada, at=NOW, on=TODAY)


def _raise(child: Child, ada: User) -> None:
    stage = child.authority.ladders.get().stages.get()
    raised = ConcernRaised(f"{SECRET} has no plan", f"A plan for {SECRET}")
    raise_concern(child=child, stage=stage, raised=raised, by=ada, at=NOW, on=TODAY)


def _everything_in_redis(url: str) -> str:
    """Every key and value, as text."""
    reading = {"list": "lrange", "zset": "zrange", "set": "smembers", "hash": "hgetall", "string": "get"}
    found = []
    with redis.Redis.from_url(url, single_connection_client=True) as client:
        for database in client.info("keyspace"):
            client.execute_command("SELECT", database.removeprefix("db"))
            for key in client.scan_iter():
                kind = client.type(key).decode()
                ends = (0, -1) if kind in ("list", "zset") else ()
                found.append(f"{key!r} {getattr(client, reading[kind])(key, *ends)!r}")
    return "\n".join(found)
