"""Escalations for machines: listing, reading, answering, moving up and resolving."""

from typing import Any
from uuid import UUID, uuid5

from django.core.exceptions import PermissionDenied
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import ChildPermission
from children.requests import opened
from machines.resources import Collection, caller, sent
from machines.schema import ACTING, READING, answers
from screens.pages import page

from . import permissions, services
from .filters import EscalationFilter
from .models import Escalation, Step
from .querysets import EscalationQuerySet
from .rules import AnswerGiven, Seen
from .serializers import (
    AnswerBodySerializer,
    EscalationSerializer,
    MoveUpBodySerializer,
    ResolutionBodySerializer,
    WholeEscalationSerializer,
)

MAY_NOT_READ = "Your role does not read what escalations say."
MAY_NOT_ESCALATE = "Only the child's IRO or an IRO manager moves up or resolves a concern."


class Escalations(Collection):
    """Escalations the caller may read."""

    serializer_class = EscalationSerializer
    filterset_class = EscalationFilter

    def get_queryset(self) -> EscalationQuerySet:
        """With the child, the rung and who raised each, in one query."""
        return Escalation.objects.visible_to(self.viewer, ChildPermission.READ_RECORD).with_its_people()

    @page("a list of {escalations}, through the API")
    @extend_schema(
        summary="The escalations you may read", responses=answers(EscalationSerializer(many=True), *READING)
    )
    def list(self, request: Request) -> Response:
        """Open and resolved."""
        return self.page(request)

    @page("the {escalation}, through the API")
    @extend_schema(
        summary="One escalation with every answer", responses=answers(WholeEscalationSerializer, *READING, 404)
    )
    def retrieve(self, request: Request, uuid: UUID) -> Response:
        """The concern, every rung reached and how it ended."""
        return Response(WholeEscalationSerializer(self.opened()).data)

    @page("answering the {escalation}, through the API")
    @extend_schema(
        summary="Answer an escalation",
        request=AnswerBodySerializer,
        responses=answers(WholeEscalationSerializer, *ACTING),
    )
    @action(detail=True, methods=["post"])
    def respond(self, request: Request, uuid: UUID) -> Response:
        """Accept, accept in part or contest, where you are asked. The same submission again changes nothing."""
        escalation = self.opened()
        given = sent(request, AnswerBodySerializer)
        position = given.pop("position")
        step = _step_at(escalation, position)
        why_not = permissions.why_not_answer(self.viewer, step)
        if why_not:
            raise PermissionDenied(why_not)
        # A submission counts for one person and one rung: what others send can neither find nor block it.
        submission = uuid5(escalation.uuid, f"{caller(request).uuid}:{position}:{given.pop('submission')}")
        services.respond(
            step=step,
            given=AnswerGiven(**given),
            submission=submission,
            by=caller(request),
            at=self.viewer.at,
            on=self.viewer.on,
        )
        return self.as_it_stands()

    @page("moving the {escalation} up, through the API")
    @extend_schema(
        summary="Move an escalation up",
        request=MoveUpBodySerializer,
        responses=answers(WholeEscalationSerializer, *ACTING),
    )
    @action(detail=True, methods=["post"], url_path="move-up")
    def move_up(self, request: Request, uuid: UUID) -> Response:
        """Take the concern to a higher rung, answered or not. The same move again changes nothing."""
        escalation = self.opened_to_escalate()
        given = sent(request, MoveUpBodySerializer)
        stages = {stage.position: stage for stage in escalation.ladder.stages.all()}
        if given["stage"] not in stages:
            raise ValidationError({"stage": ["The ladder of this concern has no stage there."]})
        services.move_up(
            escalation=escalation,
            stage=stages[given["stage"]],
            reason=given["reason"],
            seen=Seen(given["position"], services.seen_in(escalation).is_answered),
            by=caller(request),
            at=self.viewer.at,
            on=self.viewer.on,
        )
        return self.as_it_stands()

    @page("resolving the {escalation}, through the API")
    @extend_schema(
        summary="Resolve an escalation",
        request=ResolutionBodySerializer,
        responses=answers(WholeEscalationSerializer, *ACTING),
    )
    @action(detail=True, methods=["post"])
    def resolve(self, request: Request, uuid: UUID) -> Response:
        """End the concern in your words. The same words again change nothing."""
        escalation = self.opened_to_escalate()
        words: dict[str, Any] = sent(request, ResolutionBodySerializer)
        services.resolve(escalation=escalation, by=caller(request), at=self.viewer.at, on=self.viewer.on, **words)
        return self.as_it_stands()

    def opened(self) -> Escalation:
        """The escalation the address names, the reading logged; Http404 or PermissionDenied otherwise."""
        seen = Escalation.objects.visible_to(self.viewer).with_its_people()
        found = opened(self.request, seen.with_story(Step.objects.all()), self.kwargs["uuid"])
        if not permissions.may_read(self.viewer, found.child):
            raise PermissionDenied(MAY_NOT_READ)
        return found

    def opened_to_escalate(self) -> Escalation:
        """The same; PermissionDenied for everybody but the child's IRO and the IRO managers."""
        escalation = self.opened()
        if not permissions.may_escalate(self.viewer, escalation.child):
            raise PermissionDenied(MAY_NOT_ESCALATE)
        return escalation

    def as_it_stands(self) -> Response:
        """The escalation after the act."""
        escalation = self.get_queryset().with_story(Step.objects.all()).get(uuid=self.kwargs["uuid"])
        return Response(WholeEscalationSerializer(escalation).data)


def _step_at(escalation: Escalation, position: int) -> Step:
    for step in escalation.steps.all():
        if step.stage.position == position:
            return step
    raise ValidationError({"position": ["The concern has not stood at this stage."]})
