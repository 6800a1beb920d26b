"""Reviews for machines: listing, reading with the record, booking and recording."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from django.core.exceptions import PermissionDenied
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.roles import ChildPermission
from accounts.viewers import Viewer
from children.permissions import whose_record_is_read
from children.requests import opened
from machines.resources import Collection, caller, sent
from machines.schema import ACTING, READING, answers
from screens.pages import page
from timescales.refusals import Refused
from timescales.words import in_words

from . import permissions, services
from .filters import DecisionFilter, ReviewFilter
from .forms import follow_up_form
from .made import FollowUp, OutcomeSaid, ReviewMade
from .models import Decision, DecisionOutcome, Review
from .querysets import DecisionQuerySet, ReviewQuerySet
from .serializers import (
    BookingBodySerializer,
    OutcomeBodySerializer,
    OwnDecisionSerializer,
    RecordBodySerializer,
    ReviewSerializer,
    WholeReviewSerializer,
)

MAY_NOT_RECORD = "Only the child's IRO or an IRO manager may record this review."
MAY_NOT_SCHEDULE = "Only the child's IRO, an IRO manager or business support may book this review."


class Reviews(Collection):
    """Reviews of the children the caller may see."""

    serializer_class = ReviewSerializer
    filterset_class = ReviewFilter

    def get_queryset(self) -> ReviewQuerySet:
        """Open and held ones, with all each names, in one query."""
        return Review.objects.visible_to(self.viewer).listed(self.viewer.on).with_all_it_names()

    def shown(self, rows: Any, **kwargs: Any) -> Any:
        """These reviews, with what their records say where the caller may read it."""
        listed: Iterable[Review] = rows if kwargs.get("many") else [rows]
        read = whose_record_is_read(self.viewer, {review.child_id for review in listed})
        kind = self.get_serializer_class() if kwargs.get("many") else WholeReviewSerializer
        return kind(rows, context={"on": self.viewer.on, "read": read}, **kwargs).data

    @page("a list of reviews, through the API")
    @extend_schema(
        summary="The reviews you may see",
        responses=answers(ReviewSerializer(many=True), *READING),
    )
    def list(self, request: Request) -> Response:
        """Reviews open or held, without those cancelled."""
        return self.page(request)

    @page("a review, through the API")
    @extend_schema(summary="One review with its record", responses=answers(WholeReviewSerializer, *READING, 404))
    def retrieve(self, request: Request, uuid: UUID) -> Response:
        """Its dates, and what was recorded for those who may read it."""
        return Response(self.shown(self.opened()))

    @page("booking a review, through the API")
    @extend_schema(
        summary="Book a review for a day",
        request=BookingBodySerializer,
        responses=answers(WholeReviewSerializer, *ACTING),
    )
    @action(detail=True, methods=["post"])
    def book(self, request: Request, uuid: UUID) -> Response:
        """Booking the same day again changes nothing."""
        review = self.opened_to(permissions.may_schedule, MAY_NOT_SCHEDULE)
        asked = sent(request, BookingBodySerializer)
        wanted: date = asked["booked_for_on"]
        if review.is_open:
            services.check_booking(review=review, booked_for_on=wanted, on=self.viewer.on)
        due_on = review.duty.due_on
        if review.is_open and due_on and wanted > due_on and not asked["is_late_accepted"]:
            raise Refused(
                f"{in_words(wanted)} is after the due date, {in_words(due_on)}."
                " Give an earlier day, or send is_late_accepted to book it all the same.",
                "is_late_accepted",
            )
        booked = services.book(
            review=review, booked_for_on=wanted, by=caller(request), at=self.viewer.at, on=self.viewer.on
        )
        return Response(self.shown(booked))

    @page("recording a review, through the API")
    @extend_schema(
        summary="Record a review",
        request=RecordBodySerializer,
        responses=answers(WholeReviewSerializer, *ACTING),
    )
    @action(detail=True, methods=["post"])
    def record(self, request: Request, uuid: UUID) -> Response:
        """Record a review as held: its decisions, the next review and what follows its rating, all or nothing.

        The same token again answers with the review as it was recorded and changes nothing.
        """
        review = self.opened_to(permissions.may_record, MAY_NOT_RECORD)
        body = sent(request, RecordBodySerializer)
        # A token counts for one person and one review: what others send can neither find nor block it.
        token = uuid5(review.uuid, f"{caller(request).uuid}:{body.pop('token')}")
        chosen = body.pop("follow_up")
        made = ReviewMade(**body)
        is_needed = review.is_recordable and review.record_token != token
        follow_up = _follow_up(review, made, chosen, self.viewer.on) if is_needed else None
        recorded = services.record_review(
            review=review,
            made=made,
            token=token,
            follow_up=follow_up,
            by=caller(request),
            at=self.viewer.at,
            on=self.viewer.on,
        )
        return Response(self.shown(recorded))

    def opened(self) -> Review:
        """The review the address names, the reading logged; Http404 where the caller may not know of it."""
        seen = Review.objects.visible_to(self.viewer).with_all_it_names()
        return opened(self.request, seen, self.kwargs["uuid"])

    def opened_to(self, may: Callable[[Viewer, Review], bool], reason: str) -> Review:
        """The same; PermissionDenied with the reason where the caller may not do this."""
        review = self.opened()
        if not may(self.viewer, review):
            raise PermissionDenied(reason)
        return review


class Decisions(Collection):
    """What reviews of the children whose record the caller reads decided."""

    serializer_class = OwnDecisionSerializer
    filterset_class = DecisionFilter

    def get_queryset(self) -> DecisionQuerySet:
        """All of them, each with what was said to have come of it, in two queries."""
        mine = Decision.objects.visible_to(self.viewer, ChildPermission.READ_RECORD)
        return mine.of_its_child().listed(self.viewer.on).with_outcomes(DecisionOutcome.objects.all())

    @page("a list of decisions, through the API")
    @extend_schema(summary="What reviews decided", responses=answers(OwnDecisionSerializer(many=True), *READING))
    def list(self, request: Request) -> Response:
        """Decisions owed, done and closed, with what was said of each."""
        return self.page(request)

    @page("a decision, through the API")
    @extend_schema(summary="One decision", responses=answers(OwnDecisionSerializer, *READING, 404))
    def retrieve(self, request: Request, uuid: UUID) -> Response:
        """What was decided, and what came of it."""
        return Response(self.shown(opened(request, self.get_queryset(), uuid)))

    @page("saying what came of a decision, through the API")
    @extend_schema(
        summary="Say what came of a decision",
        request=OutcomeBodySerializer,
        responses=answers(OwnDecisionSerializer, *ACTING),
    )
    @action(detail=True, methods=["post"])
    def mark(self, request: Request, uuid: UUID) -> Response:
        """The same words again change nothing."""
        decision = opened(request, self.get_queryset(), uuid)
        if not permissions.may_mark(self.viewer, decision):
            raise PermissionDenied(permissions.MAY_NOT_MARK)
        outcome = OutcomeSaid(**sent(request, OutcomeBodySerializer))
        services.mark_decision(
            decision=decision, outcome=outcome, by=caller(request), at=self.viewer.at, on=self.viewer.on
        )
        return Response(self.shown(self.get_queryset().get(pk=decision.pk)))


def _follow_up(review: Review, made: ReviewMade, chosen: dict[str, str], on: date) -> FollowUp | None:
    """What was chosen to do about the rating; None where nothing is to choose. ValidationError otherwise."""
    form = follow_up_form(
        review=review,
        rag=made.rag,
        data={f"follow_up-{name}": value for name, value in chosen.items()},
        on=on,
        rag_reason=made.rag_reason,
    )
    if form is None:
        if chosen:
            raise ValidationError({"follow_up": ["Nothing is to choose after this rating: leave it out."]})
        return None
    unknown = {name: ["There is no such field."] for name in chosen if name not in form.fields}
    if unknown or not form.is_valid():
        errors = {name: [str(words) for words in listed] for name, listed in form.errors.items()}
        raise ValidationError({"follow_up": unknown or errors})
    return form.chosen
