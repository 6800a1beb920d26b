"""Open escalations by the rung they stood on, and answers past their date."""

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery

from accounts.roles import ChildPermission
from escalations.models import Escalation, Response, Step
from screens.cells import link

from .base import EVERY, Column, Figure, Part, Scope, Words
from .columns import address_of, child_columns, day_column


def open_escalations(scope: Scope) -> QuerySet[Any]:
    """Escalations raised by the day and not resolved by then, with the rung and date that stood that day."""
    steps = Step.objects.filter(escalation=OuterRef("pk"), opened_on__lte=scope.day).order_by("-opened_at", "-pk")
    answered = Response.objects.filter(step=OuterRef("step_key"), responded_on__lte=scope.day)
    open_that_day = Escalation.objects.filter(
        Q(resolved_at__isnull=True) | Q(resolved_at__date__gt=scope.day), raised_on__lte=scope.day
    )
    return (
        scope.of(open_that_day, ChildPermission.READ_RECORD)
        .annotate(
            step_key=Subquery(steps.values("pk")[:1]),
            rung_position=Subquery(steps.values("stage__position")[:1]),
            rung_name=Subquery(steps.values("stage__name")[:1]),
            answer_due_on=Subquery(steps.values("response_due_on")[:1]),
        )
        .annotate(is_answered=Exists(answered))
    )


def rungs(scope: Scope) -> list[dict[str, Any]]:
    """Each rung on which an escalation stands, lowest first: how many, and how many past their date."""
    late = Count("pk", filter=past_its_date(scope))
    found = (
        open_escalations(scope)
        .order_by()
        .values("rung_position", "rung_name")
        .annotate(number=Count("pk"), late=late)
    )
    return sorted(found, key=lambda rung: (rung["rung_position"] or 0, rung["rung_name"] or ""))


def rung_parts(scope: Scope) -> tuple[Part, ...]:
    """One part for each rung on which an escalation stands, lowest first, and those past their date."""
    found = scope.once(rungs)
    return (
        Part(EVERY, "Open escalations", Q(), sum(rung["number"] for rung in found)),
        *(
            Part(
                f"rung-{index}",
                rung["rung_name"] or "No rung recorded",
                Q(rung_position=rung["rung_position"], rung_name=rung["rung_name"]),
                rung["number"],
            )
            for index, rung in enumerate(found)
        ),
        Part("past-date", "Answer past its date", past_its_date(scope), sum(rung["late"] for rung in found)),
    )


def past_its_date(scope: Scope) -> Q:
    """No answer by the day, and the answer was due before it."""
    return Q(is_answered=False, answer_due_on__lt=scope.day)


def rung_words(scope: Scope, parts: tuple[Part, ...]) -> Words:
    """How many stand on each rung."""
    said = "; ".join(f"{part.label} {part.count}" for part in parts[1:-1])
    return Words(str(parts[0].count), said)


def escalation_columns(scope: Scope) -> list[Column]:
    """Child, reference, rung, when raised, when the answer was due."""
    address = address_of("escalations:escalation")
    return [
        *child_columns(scope.day),
        Column(
            "escalation",
            "Escalation",
            lambda row: row.reference,
            lambda row: link(row.reference, address(row.uuid)),
        ),
        Column("rung", "Stage", lambda row: row.rung_name or "", sort=("rung_position", "child__sort_name")),
        day_column("raised", "Raised on", "raised_on"),
        day_column("due", "Answer due", "answer_due_on"),
        Column("answered", "Answered", lambda row: "Yes" if row.is_answered else "No"),
    ]


OPEN_ESCALATIONS = Figure(
    slug="open-escalations",
    code="",
    title="Open escalations by stage",
    definition=(
        "Escalations raised by the day and not resolved by then, by the rung each stood on that day. An answer is"
        " past its date when it was due before the day and had not come."
    ),
    rows=open_escalations,
    parts=rung_parts,
    columns=escalation_columns,
    sorted_by="due",
    is_on_a_day=True,
    words=rung_words,
)
