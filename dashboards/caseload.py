"""The caseload: a child to a row, by what is due first, read in one query however many there are."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    F,
    FilteredRelation,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import JSONObject

from accounts.roles import ChildPermission
from accounts.viewers import Viewer
from children.models import CarePeriod, Child
from duties.querysets import relaxed
from escalations.models import Escalation
from reviews.models import Review

from .figures.looked_after import short_break_series, short_breaks_on
from .permissions import Reach

REVIEW_FACTS = {
    "uuid": "uuid",
    "number": "number",
    "cycle": "cycle",
    "duty": "duty__uuid",
    "due_on": "duty__due_on",
    "due_soon_on": "duty__due_soon_on",
    "planned_for_on": "duty__planned_for_on",
}
OF_THE_CHILD = {"child": OuterRef("pk")}


def caseload_rows(viewer: Viewer, reach: Reach) -> QuerySet[Any]:
    """Every child in this person's caseload, with what is next and what is open, in one query.

    `may_read` says of each row whether its ratings and escalations may be shown to this person.
    """
    next_review = _next_review()
    return (
        children_in_caseload(viewer)
        .annotate(
            next_due_on=Subquery(next_review.values("duty__due_on")[:1]),
            next_review=Subquery(next_review.values(facts=_review_facts())[:1]),
            iro_given_name=F("iro__user__first_name"),
            iro_family_name=F("iro__user__last_name"),
            may_read=_may_read(viewer, reach),
            **_what_the_record_says(reach),
        )
        .only("pk", "uuid", "reference", "given_name", "family_name", "date_of_birth")
    )


def children_in_caseload(viewer: Viewer) -> QuerySet[Any]:
    """The children this person sees who are looked after or on short breaks, or between two of a series.

    Each has its open care period, `care`, and its `iro`, if any, and says of itself what `difference.CARE` asks.
    """
    authority_id = viewer.user.authority_id
    in_care = CarePeriod.objects.open().filter(authority_id=authority_id).values("child")
    between = short_break_series(authority_id).open().values("child")
    return (
        Child.objects.visible_to(viewer)
        .filter(pk__in=in_care.union(between))
        .annotate(
            care=FilteredRelation("care_periods", condition=Q(care_periods__ends_on=None)),
            iro=FilteredRelation("allocations", condition=Q(allocations__kind="IRO", allocations__ends_on=None)),
        )
        .annotate(
            is_in_care=_is(care__isnull=False),
            is_short_break=Exists(short_breaks_on(viewer.on, "care__pk")),
            is_allocated=_is(iro__isnull=False),
        )
    )


def _is(**condition: bool) -> ExpressionWrapper:
    return ExpressionWrapper(Q(**condition), output_field=BooleanField())


def _next_review() -> QuerySet[Review]:
    mine = Review.objects.owed().filter(**OF_THE_CHILD)
    return mine.order_by(F("duty__due_on").asc(nulls_last=True), "pk")


def _review_facts() -> JSONObject:
    return JSONObject(**REVIEW_FACTS)


def _last_held() -> QuerySet[Review]:
    return Review.objects.held().filter(**OF_THE_CHILD).order_by("-held_on", "-pk")


def _what_the_record_says(reach: Reach) -> dict[str, Subquery]:
    """Subqueries for the last review and the most pressing escalation; nothing for who may not read them."""
    last = _last_held().values(
        facts=JSONObject(held_on="held_on", due_on="duty__due_on", rule="duty__rule", rag="rag")
    )[:1]
    if not reach.may(ChildPermission.READ_RECORD):
        return {"last_review": Subquery(last)}
    pressing = Escalation.objects.open().filter(**OF_THE_CHILD).by_due()
    facts = JSONObject(uuid="uuid", stage="stage__name", due_on="response_due_on")
    return {"last_review": Subquery(last), "escalation": Subquery(pressing.values(facts=facts)[:1])}


def _may_read(viewer: Viewer, reach: Reach) -> Any:
    if reach.reads_all_it_sees:
        return Value(True, output_field=BooleanField())
    return Exists(Child.objects.filter(pk=OuterRef("pk")).visible_to(viewer, ChildPermission.READ_RECORD))


def narrowed(rows: QuerySet[Any], chosen: Mapping[str, str], today: date) -> QuerySet[Any]:
    """The rows that meet the filters, each a key of `forms.CaseloadFilter`."""
    if "standing" in chosen:
        rows = _of_standing(rows, chosen["standing"], today)
    if "iro" in chosen:
        rows = (
            rows.filter(iro__isnull=True) if chosen["iro"] == "none" else rows.filter(iro__user__uuid=chosen["iro"])
        )
    if "team" in chosen:
        team = FilteredRelation("team_allocations", condition=Q(team_allocations__ends_on=None))
        rows = rows.annotate(team_now=team).filter(team_now__team__name=chosen["team"])
    if "rag" in chosen:
        rated = rows.annotate(last_rag=Subquery(_last_held().values("rag")[:1]))
        rows = rated.filter(last_rag=chosen["rag"], may_read=True)
    return rows


def _of_standing(rows: QuerySet[Any], asked: str, today: date) -> QuerySet[Any]:
    upcoming = _next_review()
    rows = rows.annotate(
        next_due_soon_on=Subquery(upcoming.values("duty__due_soon_on")[:1]),
        next_planned_for_on=Subquery(upcoming.values("duty__planned_for_on")[:1]),
    )
    in_time = Q(next_due_on__gte=today) & ~Q(
        next_planned_for_on__gt=F("next_due_on"), next_planned_for_on__isnull=False
    )
    soon, booked = in_time & Q(next_due_soon_on__lte=today), Q(next_planned_for_on__gte=today)
    last = _last_held().annotate(was_late=Q(held_on__gt=F("duty__due_on")) & ~relaxed("duty__"))
    where = {
        "overdue": Q(next_due_on__lt=today),
        "booked-too-late": Q(next_due_on__gte=today, next_planned_for_on__gt=F("next_due_on")),
        "due-soon": soon & (Q(next_planned_for_on__isnull=True) | Q(next_planned_for_on__lt=today)),
        "booked": soon & booked,
        "not-due": in_time & Q(next_due_soon_on__gt=today),
        "not-known": Q(next_due_on__isnull=True),
        "met-late": Q(is_last_late=True),
    }[asked]
    if asked == "met-late":
        rows = rows.annotate(is_last_late=Subquery(last.values("was_late")[:1]))
    return rows.filter(where)
