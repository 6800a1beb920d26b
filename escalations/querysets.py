"""Named reads of ladders, escalations and steps.

What is fetched beside a row is handed in, so that this module need not know the models that are made of it.
"""

from datetime import date
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Prefetch, Q, QuerySet, Subquery

from accounts.models import Holding
from accounts.roles import BY_CODE, RESPONDERS, ChildPermission, Scope
from accounts.viewers import Viewer
from children.models import Allocation, TeamAllocation
from children.querysets import VisibleQuerySet
from duties.models import Duty
from duties.querysets import WithDutyQuerySet

RESPONDING = {scope: [code for code, _ in RESPONDERS if BY_CODE[code].scope is scope] for scope in Scope}


# The roles that the rung of an outer row asks.
ROLES_OF_STAGE = ExpressionWrapper(
    OuterRef("stage__responder_roles"), output_field=ArrayField(models.CharField(max_length=30))
)


def live_team(child: Any) -> QuerySet[TeamAllocation]:
    """The team responsible for a child now; `child` is a key or a reference to one."""
    return TeamAllocation.objects.filter(child=child, ends_on__isnull=True)


def live_worker(child: Any) -> QuerySet[Allocation]:
    """Those allocated to a child now who hold the post in hand, as its role is allocated; `child` as above."""
    return Allocation.objects.live().filter(child=child, user=OuterRef("user"), kind=OuterRef("post__role"))


def holdings_reaching(
    team: QuerySet[TeamAllocation], worker: QuerySet[Allocation], authority: Any
) -> QuerySet[Holding]:
    """Live holdings of the posts that answer concerns and reach a child, whatever a rung asks."""
    return Holding.objects.live().filter(
        Q(post__role__in=RESPONDING[Scope.TEAM], post__team__in=team.values("team"))
        | Q(post__role__in=RESPONDING[Scope.SERVICE], post__service__in=team.values("team__service"))
        | Q(post__role__in=RESPONDING[Scope.AUTHORITY])
        | Q(Exists(worker), post__role__in=RESPONDING[Scope.ALLOCATED]),
        post__authority=authority,
        user__is_active=True,
    )


class LadderQuerySet(models.QuerySet[Any]):
    """Reads of ladders."""

    def in_force(self, authority_id: int, on: date) -> Any:
        """The authority's ladder in force that day, if it has one."""
        return self.filter(authority_id=authority_id, starts_on__lte=on).order_by("-starts_on").first()

    def newest(self, authority_id: int) -> Any:
        """The ladder set last, whether it has begun or not, if there is one."""
        return self.filter(authority_id=authority_id).order_by("-pk").first()

    def of_authority(self, authority_id: int) -> Self:
        """Every ladder of an authority with its rungs, the latest first: two queries."""
        found = self.filter(authority_id=authority_id).order_by("-starts_on")
        return found.select_related("decided_by").prefetch_related("stages")


class EscalationQuerySet(VisibleQuerySet):
    """Reads of escalations."""

    def open(self) -> Self:
        """Not yet resolved."""
        return self.filter(status="OPEN")

    def resolved(self) -> Self:
        """Closed, with words."""
        return self.filter(status="RESOLVED")

    def awaiting_response(self) -> Self:
        """Open, and the answer has not come."""
        return self.with_answer_due().open().filter(response_due_on__isnull=False)

    def waiting_for(self, viewer: Viewer) -> Self:
        """Those this person is asked to answer now: a post of the rung's role that reaches the child.

        Never what the person raised. With all a card shows, so one query serves the page.
        """
        child = OuterRef(OuterRef("child"))
        reaching = holdings_reaching(live_team(child), live_worker(child), OuterRef("authority"))
        is_asked: Any = [F("post__role")]
        asked = reaching.alias(asked_roles=ROLES_OF_STAGE).filter(asked_roles__contains=is_asked)
        mine = self.awaiting_response().filter(Exists(asked.filter(user=viewer.user.pk)))
        visible = mine.exclude(raised_by=viewer.user.pk).visible_to(viewer, ChildPermission.RESPOND)
        return visible.with_its_people().by_due()

    def waiting_for_iro(self, viewer: Viewer) -> Self:
        """Those with an answer this person must act on: live IRO of the child."""
        mine = self.answered().filter(
            child__allocations__kind="IRO",
            child__allocations__user=viewer.user.pk,
            child__allocations__ends_on__isnull=True,
        )
        return mine.visible_to(viewer, ChildPermission.ESCALATE).with_its_people()

    def answer_overdue(self, on: date) -> Self:
        """Open, and the answer it waits for was due before that day."""
        return self.awaiting_response().filter(response_due_on__lt=on)

    def answered(self) -> Self:
        """Open, with an answer the IRO has not yet acted on."""
        return self.with_answer_due().open().filter(response_due_on__isnull=True)

    def needing(self, viewer: Viewer) -> Self:
        """Where the next move is this person's: to answer, or as the IRO to act on an answer."""
        to_answer, to_act_on = self.waiting_for(viewer), self.waiting_for_iro(viewer)
        return self.filter(Q(pk__in=to_answer.values("pk")) | Q(pk__in=to_act_on.values("pk")))

    def of_child(self, child_id: int) -> Self:
        """Every concern about one child, open ones first, then the newest."""
        return self.filter(child=child_id).order_by("status", "-raised_on", "-pk")

    def with_its_people(self) -> Self:
        """With the child, the rung, who raised it and when its answer is due, in the same query."""
        return self.with_answer_due().select_related("child", "stage", "raised_by", "authority")

    def with_story(self, steps: "StepQuerySet") -> Self:
        """With the ladder, and of these every rung reached and each answer: two further queries."""
        found = self.select_related("ladder", "resolved_by").prefetch_related("ladder__stages")
        return found.with_answers(steps)

    def with_answers(self, steps: "StepQuerySet") -> Self:
        """With, of these, every rung reached and its answer: one further query."""
        return self.prefetch_related(Prefetch("steps", steps.with_answers()))

    def with_answer_due(self) -> Self:
        """With `response_due_on` and `response_due_soon_on`: of the answer it waits for now, if it waits for one."""
        awaited = Duty.objects.open().filter(step__escalation=OuterRef("pk"), step__closed_at__isnull=True)
        return self.annotate(
            response_due_on=Subquery(awaited.values("due_on")[:1]),
            response_due_soon_on=Subquery(awaited.values("due_soon_on")[:1]),
        )

    def by_due(self) -> Self:
        """Earliest answer due first; those not waiting at the end."""
        return self.with_answer_due().order_by(F("response_due_on").asc(nulls_last=True), "raised_on", "pk")


class ResponseQuerySet(VisibleQuerySet):
    """Reads of answers."""

    def still_promised(self) -> Self:
        """Those whose promise is still owed, with what it hangs on, the earliest first."""
        owed = self.filter(duty__isnull=False, duty__met_on__isnull=True, duty__closed_on__isnull=True)
        return owed.select_related("child", "duty", "step__escalation").order_by("action_due_on", "pk")


class StepQuerySet(WithDutyQuerySet):
    """Reads of steps."""

    def open(self) -> Self:
        """The rung an escalation stands on now."""
        return self.filter(closed_at__isnull=True)

    def with_answers(self) -> Self:
        """With the rung, who opened it and the answer, lowest first, in one query."""
        return self.select_related(
            "stage", "duty", "opened_by", "response__responded_by", "response__duty", "response__ended_by"
        ).order_by("opened_at", "pk")
