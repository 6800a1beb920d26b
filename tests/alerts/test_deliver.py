"""One mail a person, sent once, without a name in it; failures wait and are tried again."""

import smtplib
import threading
from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection
from pytest_django import Settings

from alerts import services, sql
from alerts.models import Alert
from alerts.rules import retry_after
from children.models import Child
from duties.models import Duty
from tests.conftest import NOW, TODAY, Place
from tests.making import make_decision
from tests.making import make_review as make_review_row

from .conftest import DAY, passed, sweep

MINUTE = timedelta(minutes=1)
MakeChild = Callable[..., Child]
MakeReview = Callable[..., Duty]
MakeStep = Callable[..., Duty]


class Broken(BaseEmailBackend):
    """A mail server that refuses everything."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        raise smtplib.SMTPServerDisconnected("secret words of the server")


class BrokenForAda(BaseEmailBackend):
    """A mail server that refuses one person's address and takes the others'."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        if email_messages[0].to[0].startswith("ada"):
            raise smtplib.SMTPRecipientsRefused({})
        mail.outbox.extend(email_messages)
        return len(email_messages)


def use(settings: Settings, backend: type) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.{backend.__name__}"


def test_one_mail_a_person_counts_by_kind_and_names_nobody(
    place: Place, make_child: MakeChild, make_review: MakeReview, make_escalation: MakeStep
) -> None:
    children = [make_child(), make_child(), make_child()]
    make_review(children[0], TODAY - DAY)
    make_review(children[1], TODAY - DAY)
    make_review(children[2], TODAY + 21 * DAY, **passed(place))
    make_escalation(children[2], TODAY - DAY)
    sweep()
    assert services.deliver(at=NOW) == 3
    mails = {message.to[0].split(".")[0]: message for message in mail.outbox}
    assert set(mails) == {"ada", "ivy", "meera"}
    assert mails["ada"].subject == "IRO service: 2 reviews are overdue and more"
    for line in ("2 reviews are overdue", "1 response is overdue", "1 review is due soon", "/alerts/"):
        assert line in mails["ada"].body
    for message in mail.outbox:
        for child in children:
            for told in (child.given_name, child.family_name, child.reference, str(child.uuid)):
                assert told not in message.message().as_string()


def test_what_was_sent_is_not_sent_again(make_child: MakeChild, make_review: MakeReview) -> None:
    make_review(make_child(), TODAY - DAY)
    sweep()
    services.deliver(at=NOW)
    sweep()
    assert services.deliver(at=NOW + MINUTE) == 0
    assert len(mail.outbox) == 2
    assert not Alert.objects.filter(sent_at=None).exists()


def test_nothing_is_marked_sent_that_was_not_and_it_is_tried_again_later(
    settings: Settings, make_child: MakeChild, make_review: MakeReview
) -> None:
    make_review(make_child(iro=None), TODAY - DAY)
    sweep()
    backend = settings.EMAIL_BACKEND
    use(settings, Broken)
    assert services.deliver(at=NOW) == 0
    alert = Alert.objects.get()
    assert (alert.sent_at, alert.attempts, alert.last_error) == (None, 1, "SMTPServerDisconnected")
    settings.EMAIL_BACKEND = backend
    assert services.deliver(at=NOW + MINUTE - timedelta(seconds=1)) == 0
    assert services.deliver(at=NOW + MINUTE) == 1
    alert.refresh_from_db()
    assert (alert.sent_at, alert.attempts, alert.last_error) == (NOW + MINUTE, 2, "")


def test_one_refused_address_does_not_stop_the_others(
    settings: Settings, make_child: MakeChild, make_review: MakeReview
) -> None:
    make_review(make_child(), TODAY - DAY)
    sweep()
    use(settings, BrokenForAda)
    assert services.deliver(at=NOW) == 1
    assert [message.to[0].split(".")[0] for message in mail.outbox] == ["ivy"]
    assert Alert.objects.unsent().get().last_error == "SMTPRecipientsRefused"


def test_waits_grow_up_to_four_hours() -> None:
    assert [retry_after(attempts) / MINUTE for attempts in (1, 2, 3, 8, 9, 400)] == [1, 2, 4, 128, 240, 240]


def test_people_without_an_address_are_marked_and_counted_and_told_once_they_have_one(
    place: Place, make_child: MakeChild, make_review: MakeReview
) -> None:
    ada = place.people["iro"]
    ada.email = ""
    ada.save()
    make_review(make_child(), TODAY - DAY)
    sweep()
    assert services.deliver(at=NOW) == 1
    assert Alert.objects.addressless() == 1
    assert Alert.objects.get(recipient=ada).last_error == services.NO_ADDRESS
    ada.email = "ada@westmarsh.example"
    ada.save()
    assert services.deliver(at=NOW + MINUTE) == 1
    assert Alert.objects.addressless() == 0


def test_a_review_recorded_since_the_sweep_is_not_mailed(make_child: MakeChild, make_review: MakeReview) -> None:
    review = make_review(make_child(), TODAY - DAY)
    sweep()
    Duty.objects.filter(pk=review.pk).update(met_on=TODAY)
    assert services.deliver(at=NOW) == 0


def test_a_repeat_after_a_crash_is_known_by_its_message_id(make_child: MakeChild, make_review: MakeReview) -> None:
    make_review(make_child(iro=None), TODAY - DAY)
    sweep()
    services.deliver(at=NOW)
    Alert.objects.update(sent_at=None)  # the mail was handed over, and then the power went
    services.deliver(at=NOW + MINUTE)
    first, second = (message.extra_headers["Message-ID"] for message in mail.outbox)
    assert first == second


@pytest.mark.django_db(transaction=True)
def test_whoever_another_delivery_is_telling_is_left_to_it(
    place: Place, make_child: MakeChild, make_review: MakeReview
) -> None:
    make_review(make_child(), TODAY - DAY)
    sweep()
    another = connection.copy()
    with another.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(sql.CLAIM_PERSON, [place.people["iro"].pk])
        services.deliver(at=NOW)
        assert [message.to[0].split(".")[0] for message in mail.outbox] == ["ivy"]
        cursor.execute("COMMIT")
    another.close()
    services.deliver(at=NOW)
    assert [message.to[0].split(".")[0] for message in mail.outbox] == ["ivy", "ada"]


@pytest.mark.django_db(transaction=True)
def test_two_deliveries_at_once_send_each_mail_once(make_child: MakeChild, make_review: MakeReview) -> None:
    for _ in range(5):
        make_review(make_child(), TODAY - DAY)
    sweep()
    start = threading.Barrier(3)

    def run() -> None:
        start.wait()
        services.deliver(at=NOW)
        connection.close()

    threads = [threading.Thread(target=run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(message.to[0].split(".")[0] for message in mail.outbox) == ["ada", "ivy"]


def test_decisions_go_in_the_one_mail_of_the_morning_and_never_by_themselves(
    place: Place, make_child: MakeChild
) -> None:
    child = make_child()
    for days in (1, 2, 3):
        review = make_review_row(child, rule="NOT_KNOWN", held_on=TODAY - (10 + days) * DAY, source="RETURN")
        make_decision(review, text="Find a mentor", due_on=TODAY - DAY, owner="Social worker")
        Duty.objects.filter(decision__review=review).update(closed_on=None, closed_at=None, closed_reason="")
        sweep()
        assert services.deliver(at=NOW + days * MINUTE) == 0
    Duty.objects.of_kind("DECISION").update(closed_on=None, closed_at=None, closed_reason="")
    sweep()
    assert Alert.objects.oldest_unsent_at(NOW) is None
    assert services.deliver(at=NOW + DAY) == 1
    (message,) = mail.outbox
    assert message.to == [place.people["social_worker"].email]
    assert message.subject == "IRO service: 3 decisions are past their date"


def test_where_nobody_is_the_social_worker_the_manager_and_the_iro_are_told_of_decisions(
    place: Place, make_child: MakeChild
) -> None:
    review = make_review_row(make_child(worker=None), rule="NOT_KNOWN", held_on=TODAY - 9 * DAY, source="RETURN")
    make_decision(review, text="Find a mentor", due_on=TODAY - DAY, owner="The school")
    sweep()
    told = set(Alert.objects.values_list("recipient__first_name", flat=True))
    assert told == {"Meera", "Ada"}
