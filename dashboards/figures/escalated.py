"""Open escalations by the rung they stood on, and answers past their date."""

from typing import Any

from django.db.models import F, Q, QuerySet

from accounts.roles import ChildPermission
from dashboards.days import day_after
from escalations.models import Step
from screens.cells import link

from .base import EVERY, Column, Figure, Part, Scope, Words
from .columns import address_of, child_columns, day_column
from .matching import Facts


def open_escalations(scope: Scope) -> QuerySet[Any]:
    """Of each escalation raised by the day and not resolved by then, the step that stood that day."""
    open_that_day = Q(escalation__resolved_at__isnull=True) | Q(escalation__resolved_at__gte=day_after(scope.day))
    taken = scope.of(Step.objects.filter(open_that_day, opened_on__lte=scope.day), ChildPermission.READ_RECORD)
    last = taken.order_by("escalation", "-opened_at", "-pk").distinct("escalation")
    return Step.objects.filter(pk__in=last.values("pk")).annotate(answered_on=F("response__responded_on"))


def step_facts(scope: Scope) -> Facts:
    """Rung and dates of each: a few rows, which name the parts as well as count them."""
    return Facts.read(open_escalations(scope), "stage__position", "stage__name", "duty__due_on", "answered_on")


def rung_parts(scope: Scope) -> tuple[Part, ...]:
    """One part for each rung on which an escalation stands, lowest first, and those past their date."""
    rungs = sorted(set(scope.once(step_facts).pick("stage__position", "stage__name")))
    return (
        Part(EVERY, scope.say("Open {escalations}")),
        *(
            Part(f"rung-{index}", name, Q(stage__position=position, stage__name=name))
            for index, (position, name) in enumerate(rungs)
        ),
        Part("past-date", "Answer past its date", Q(duty__due_on__lt=scope.day) & unanswered(scope)),
    )


def unanswered(scope: Scope) -> Q:
    """No answer had come by the day."""
    return Q(answered_on__isnull=True) | Q(answered_on__gt=scope.day)


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
        day_column("due", "Answer due", "duty__due_on"),
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
    is_on_a_day=True,
    words=rung_words,
    facts=step_facts,
    dressed=with_rung,
)
