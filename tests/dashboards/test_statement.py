"""The statement test: of every demonstration child, "Nothing is late" is said exactly where the rows say so.

The rows are read here by one plain statement that shares nothing with the page.
"""

from datetime import UTC, date, datetime

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from children.models import Child
from dashboards.days import working_calendar
from dashboards.risks import risks
from returns.demonstration import load_demonstration
from reviews.made import OutcomeSaid
from reviews.models import Decision
from reviews.services import mark_decision
from tests.making import viewer

TODAY = date(2026, 11, 18)
NOW = datetime(2026, 11, 18, 8, 0, tzinfo=UTC)

LATE = """
SELECT child.id FROM children_child AS child WHERE
    EXISTS (
        SELECT FROM duties_duty AS duty
        WHERE duty.child_id = child.id AND duty.met_on IS NULL AND duty.closed_on IS NULL
            AND (duty.due_on < %(on)s OR duty.planned_for_on > duty.due_on
                OR (duty.planned_for_on IS NULL AND duty.plan_by_on <= %(on)s))
    )
    OR (
        SELECT review.rag FROM reviews_review AS review
        WHERE review.child_id = child.id AND review.rag <> '' ORDER BY review.held_on DESC LIMIT 1
    ) IN ('AMBER', 'RED')
    OR EXISTS (SELECT FROM escalations_escalation AS concern WHERE concern.child_id = child.id AND status = 'OPEN')
    OR (
        EXISTS (SELECT FROM children_careperiod AS care WHERE care.child_id = child.id AND care.ends_on IS NULL)
        AND NOT EXISTS (
            SELECT FROM children_allocation AS iro
            WHERE iro.child_id = child.id AND iro.kind = 'IRO' AND iro.ends_on IS NULL
        )
    )
"""


@pytest.fixture(scope="module")
def demonstration(django_db_setup, django_db_blocker):
    """Loaded once for the tests of this file, and taken back after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield load_demonstration(on=TODAY, at=NOW)
        transaction.set_rollback(True)


def login(role):
    return User.objects.get(username=f"{role}@demonstration.example")


def late_by_the_rows():
    with connection.cursor() as cursor:
        cursor.execute(LATE, {"on": TODAY})
        return {key for (key,) in cursor.fetchall()}


def test_of_every_child_it_is_said_exactly_where_the_rows_say_so(demonstration):
    late, calendar = late_by_the_rows(), working_calendar()
    manager = viewer(login("iro.manager"), NOW)
    said = {
        child.pk: risks(child, viewer=manager, may_read=True, calendar=calendar).heading
        for child in Child.objects.all()
    }
    assert {key for key, heading in said.items() if heading != "Nothing is late."} == late
    assert 0 < len(late) < len(said)


def test_the_page_says_it_of_each_child_of_an_iro(demonstration):
    iro, late = login("iro"), late_by_the_rows()
    client = Client()
    mine = list(Child.objects.visible_to(viewer(iro, NOW)))
    with time_machine.travel(NOW, tick=False):
        client.force_login(iro, backend="allauth.account.auth_backends.AuthenticationBackend")
        pages = {one.pk: client.get(reverse("dashboards:child", args=[one.uuid])).content.decode() for one in mine}
    assert {key for key, page in pages.items() if "Nothing is late." not in page} == {one.pk for one in mine} & late


def test_whatever_is_late_names_who_is_to_move(demonstration):
    calendar, manager = working_calendar(), viewer(login("iro.manager"), NOW)
    for child in Child.objects.filter(pk__in=late_by_the_rows()):
        for risk in risks(child, viewer=manager, may_read=True, calendar=calendar).late:
            assert risk.whose, risk
            assert str(child) not in risk.whose, risk


def test_a_reader_of_dates_alone_is_told_of_reviews_alone(demonstration):
    support, calendar = viewer(login("business.support"), NOW), working_calendar()
    headings = {risks(one, viewer=support, may_read=False, calendar=calendar).heading for one in Child.objects.all()}
    assert headings == {"What is late or at risk", "No review is late."}


def test_a_child_whose_decisions_are_all_said_to_be_done_is_no_longer_late(demonstration):
    iro, calendar = login("iro"), working_calendar()
    mine = viewer(iro, NOW)

    def headed(child):
        return risks(child, viewer=mine, may_read=True, calendar=calendar)

    late = Decision.objects.visible_to(mine).open().filter(duty__due_on__lt=TODAY).select_related("child")
    child = next(
        one.child for one in late if all(risk.url.startswith("/decisions/") for risk in headed(one.child).late)
    )
    for decision in late.filter(child=child):
        done = OutcomeSaid("DONE", "Seen", decision.duty.due_on)
        mark_decision(decision=decision, outcome=done, by=iro, at=NOW, on=TODAY)
    assert headed(child).heading == "Nothing is late."


def test_what_the_last_review_passed_over_is_not_known(demonstration):
    manager, calendar = viewer(login("iro.manager"), NOW), working_calendar()
    found = [
        risks(child, viewer=manager, may_read=True, calendar=calendar).not_known for child in Child.objects.all()
    ]
    assert any("nobody has said whether it was done" in risk.said for one in found for risk in one)
    assert any("the due date is not known" in risk.said for one in found for risk in one)
