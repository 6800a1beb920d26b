"""The demonstration authority: dated by the rules, whole, the same on every loading of a day, and only itself."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import StringIO
from itertools import pairwise

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import models, transaction
from django.db.models import Count, F, Q, Sum

from accounts.models import Post, User
from accounts.roles import ROLES, ChildPermission
from authorities.models import Authority
from authorities.services import add_authority
from children.models import Allocation, CarePeriod, Child, ChildUserObjectPermission, Episode, TeamAllocation
from children.services import derive_access
from escalations.models import Escalation, Response, Stage, Step
from returns.demonstration import CODE, PASSWORD, NotADemonstration, load_demonstration, logins
from reviews.models import LeftUnescalated, Review
from reviews.rules import Refused, check_participation
from tests.making import viewer
from timescales import Standing

TODAY = date(2026, 11, 18)
NOW = datetime(2026, 11, 18, 8, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def demonstration(django_db_setup, django_db_blocker):
    """Loaded once for the tests of this file, and taken back after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield load_demonstration(on=TODAY, at=NOW)
        transaction.set_rollback(True)


def login(role: str) -> User:
    return User.objects.get(username=f"{role}@demonstration.example")


def fingerprint() -> dict[str, list[str]]:
    """Every field that is no key or moment of the loading, of every row of the house."""
    found = {}
    for model in (Child, CarePeriod, Episode, Review, Escalation, Step, Response, Allocation):
        fields = [
            field.name
            for field in model._meta.concrete_fields
            if not field.primary_key and not field.is_relation and field.name != "submission"
        ]
        found[model.__name__] = sorted(map(str, model._default_manager.values_list(*fields)))
    return found


def test_the_authority_has_its_size(demonstration):
    assert Child.objects.looked_after().count() == 450
    assert Post.objects.filter(role="IRO").aggregate(n=Count("pk"), fte=Sum("fte")) == {
        "n": 9,
        "fte": Decimal("7.61"),
    }
    assert Post.objects.filter(role="IRO", holdings=None).count() == 1
    assert Counter(TeamAllocation.objects.filter(ends_on=None).values_list("team__name", flat=True)).keys() == {
        "North", "South", "East", "West",
    }  # fmt: skip
    assert 60 <= Child.objects.visible_to(viewer(login("iro"))).looked_after().count() <= 70


def test_every_role_has_one_login_that_works(demonstration):
    assert len(logins()) == len(ROLES)
    for one in logins():
        assert User.objects.get(username=one["email"]).check_password(PASSWORD)
    assert {User.objects.get(username=one["email"]).holdings.get().post.role for one in logins()} == {
        role.code for role in ROLES
    }


def test_every_standing_is_present(demonstration):
    reviews = Review.objects.with_standing(TODAY).not_cancelled()
    assert set(reviews.values_list("standing", flat=True)) == set(Standing) - {Standing.CLOSED, Standing.MET_RELAXED}
    mine = Review.objects.open().visible_to(viewer(login("iro"))).with_standing(TODAY)
    assert {"NOT_DUE", "DUE_SOON", "OVERDUE"} <= set(mine.values_list("standing", flat=True))
    assert mine.filter(duty__plan_by_on__lte=TODAY, duty__planned_for_on=None).exists()


def test_every_rating_and_rung_is_present(demonstration):
    assert set(Review.objects.values_list("rag", flat=True)) == {"", "GREEN", "AMBER", "RED"}
    open_ones = Escalation.objects.open()
    assert set(open_ones.awaiting_response().values_list("stage", flat=True)) == set(
        Stage.objects.values_list("pk", flat=True)
    )
    assert Escalation.objects.filter(status="RESOLVED").exists()
    assert LeftUnescalated.objects.exists()


def test_work_waits_for_those_who_sign_in(demonstration):
    waiting = Escalation.objects.waiting_for(viewer(login("team.manager")))
    assert waiting.filter(response_due_on__lt=TODAY).exists()
    assert waiting.filter(response_due_on__gte=TODAY).exists()
    for role in ("service.manager", "head", "assistant.director", "director"):
        assert Escalation.objects.waiting_for(viewer(login(role))).exists()
    assert Escalation.objects.answered().visible_to(viewer(login("iro")), ChildPermission.ESCALATE).exists()


def test_one_review_is_open_for_each_open_care_period(demonstration):
    is_open = Q(reviews__held_on=None, reviews__duty__closed_on=None)
    counted = CarePeriod.objects.annotate(waiting=Count("reviews", filter=is_open))
    assert not counted.filter(ends_on=None).exclude(waiting=1).exists()
    assert not counted.filter(ends_on__isnull=False).exclude(waiting=0).exists()


def test_each_review_runs_from_the_one_before_and_most_are_in_time(demonstration):
    for period in CarePeriod.objects.prefetch_related("reviews__duty"):
        chain = sorted(
            (review for review in period.reviews.all() if review.duty.rule != "NOT_KNOWN"),
            key=lambda review: review.duty.runs_from_on,
        )
        for before, after in pairwise(chain):
            assert after.duty.runs_from_on == before.held_on
            assert after.number is None or after.number == before.number + 1
    held = Review.objects.held().filter(duty__due_on__isnull=False)
    assert 0.86 < held.filter(held_on__lte=F("duty__due_on")).count() / held.count() < 0.95


def test_participation_fits_the_age_and_nothing_lies_in_the_future(demonstration):
    for review in Review.objects.held().select_related("child"):
        try:
            check_participation(review.participation, review.child.date_of_birth, review.held_on)
        except Refused as refused:
            pytest.fail(refused.message)
    assert not Review.objects.filter(Q(held_on__gte=TODAY) | Q(recorded_at__gte=NOW)).exists()
    assert not Response.objects.filter(responded_on__gte=TODAY).exists()
    assert not Episode.objects.filter(Q(starts_on__gte=TODAY) | Q(ends_on__gte=TODAY)).exists()
    grown = TODAY - timedelta(days=18 * 366)
    assert not Child.objects.looked_after().filter(date_of_birth__lte=grown).exists()


def test_amber_and_red_each_led_to_something(demonstration):
    rated = Review.objects.filter(rag__in=["AMBER", "RED"])
    assert not rated.filter(escalations=None, left_unescalated=None).exists()


def test_access_rows_agree_with_the_facts(demonstration):
    assert derive_access(child_ids=list(Child.objects.values_list("pk", flat=True))) == 0
    assert ChildUserObjectPermission.objects.exists()


def test_it_is_the_same_on_every_loading_of_a_day(demonstration):
    before = fingerprint()
    with transaction.atomic():
        load_demonstration(on=TODAY, at=NOW)
        assert fingerprint() == before
        assert Authority.objects.filter(code=CODE).count() == 1
        transaction.set_rollback(True)


def test_another_day_tells_the_same_from_that_day(demonstration):
    with transaction.atomic():
        later = TODAY + timedelta(days=45)
        load_demonstration(on=later, at=NOW + timedelta(days=45))
        standings = Review.objects.not_cancelled().with_standing(later)
        assert set(standings.values_list("standing", flat=True)) == set(Standing) - {
            Standing.CLOSED,
            Standing.MET_RELAXED,
        }
        assert Escalation.objects.waiting_for(viewer(login("team.manager"))).exists()
        transaction.set_rollback(True)


def test_a_real_authority_is_never_touched(db):
    add_authority(code=CODE, name="A real council", on=TODAY)
    with pytest.raises(NotADemonstration, match="nothing was loaded"):
        load_demonstration(on=TODAY, at=NOW)
    assert User.objects.count() == 0


def test_production_refuses_it(db, settings):
    settings.DEMONSTRATION = False
    with pytest.raises(CommandError, match="DEMONSTRATION=true") as refused:
        call_command("load_demonstration", stdout=StringIO())
    assert refused.value.returncode == 2


def test_if_empty_leaves_a_loaded_one_alone_and_prints_the_logins(db, settings):
    settings.DEMONSTRATION = True
    authority = add_authority(code=CODE, name="Loaded before", on=TODAY, is_demonstration=True)
    out = StringIO()
    call_command("load_demonstration", if_empty=True, stdout=out)
    assert list(Authority.objects.all()) == [authority]
    assert f"iro@demonstration.example                 {PASSWORD}" in out.getvalue()


def test_wiping_knows_every_model_that_belongs_to_an_authority():
    from returns.demonstration.wiping import IN_ORDER

    known = {model for model, _ in IN_ORDER} | {Authority}
    for model in apps.get_models():
        points_to = {
            field.related_model for field in model._meta.concrete_fields if isinstance(field, models.ForeignKey)
        }
        is_ours = not model.__name__.endswith("Event") and not model._meta.app_label.startswith("pg")
        protects = {
            field.related_model
            for field in model._meta.concrete_fields
            if isinstance(field, models.ForeignKey) and field.remote_field.on_delete is models.PROTECT
        }
        if is_ours and points_to & protects & known:
            assert model in known, f"{model.__name__} is not wiped with the demonstration authority"
