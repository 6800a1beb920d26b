"""Open escalations by the rung they stood on, and answers past their date."""

from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet

from accounts.roles import ChildPermission
from dashboards.days import day_after
from escalations.models import Step
from screens.cells import link

from .base import EVERY, Column, Figure, Part, Words, its_duty
from .columns import address_of, child_columns, day_column
from .scope import Scope
from .tally import Tally


def open_escalations(scope: Scope) -> QuerySet[Any]:
    """Of each escalation raised by the day and not resolved by then, the step that stood that day.

    Its answer is past its date where it was due before the day and had not come by then.
    """
    open_that_day = Q(escalation__resolved_at__isnull=True) | Q(escalation__resolved_at__gte=day_after(scope.day))
    taken = scope.of(Step.objects.filter(open_that_day, opened_on__lte=scope.day), ChildPermission.READ_RECORD)
    last = taken.order_by("escalation", "-opened_at", "-pk").distinct("escalation")
    unanswered = Q(response__responded_on__isnull=True) | Q(response__responded_on__gt=scope.day)
    return Step.objects.filter(pk__in=last.values("pk")).annotate(
        answered_on=F("response__responded_on"),
        is_past_date=ExpressionWrapper(Q(duty__due_on__lt=scope.day) & unanswered, output_field=BooleanField()),
    )


def tally_by_rung(scope: Scope) -> Tally:
    """How many stand on each rung, and whether past their date: a few lines, which name the parts as well."""
    return Tally.of(open_escalations(scope), "stage__position", "stage__name", "is_past_date")


def rung_parts(scope: Scope) -> tuple[Part, ...]:
    """One part for each rung on which an escalation stands, lowest first, and those past their date."""
    rungs = sorted(scope.once(tally_by_rung).by("stage__position", "stage__name"))
    return (
        Part(EVERY, scope.say("Open {escalations}")),
        *(
            Part(f"rung-{index}", name, {"stage__position": [position], "stage__name": [name]})
            for index, (position, name) in enumerate(rungs)
        ),
        Part("past-date", "Answer past its date", {"is_past_date": [True]}),
    )


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
            scope.say("{Escalation}"),
            lambda row: row.escalation.reference,
            lambda row: link(row.escalation.reference, address(row.escalation.uuid)),
        ),
        Column("rung", "Stage", lambda row: row.stage.name, sort=("stage__position", "child__sort_name")),
        day_column("raised", "Raised on", "escalation__raised_on"),
        day_column("due", "Answer due by", "duty__due_on"),
        Column("answered", "Answered", lambda row: "Yes" if is_answered(scope, row) else "No"),
    ]


def is_answered(scope: Scope, step: Any) -> bool:
    """Whether the answer had come by the day."""
    return step.answered_on is not None and step.answered_on <= scope.day


def with_rung(scope: Scope, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Each with the child, the escalation and the rung it stood on."""
    return rows.select_related("child", "escalation", "stage", "duty")


OPEN_ESCALATIONS = Figure(
    slug="open-escalations",
    code="",
    title="Open {escalations} by stage",
    definition=(
        "{Escalations} raised by the day and not resolved by then, by the rung each stood on that day. An answer is"
        " past its date when it was due before the day and had not come."
    ),
    rows=open_escalations,
    parts=rung_parts,
    columns=escalation_columns,
    sorted_by="due",
    tally=tally_by_rung,
    counted_as="open",
    is_on_a_day=True,
    words=rung_words,
    dressed=with_rung,
    duty=its_duty,
)
