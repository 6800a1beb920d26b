"""Alerts for machines: the caller's own, and the sweep that raises them."""

from django.core.exceptions import PermissionDenied
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from machines.resources import Collection, caller
from machines.schema import ACTING, READING, answers
from screens.pages import page

from . import permissions, services
from .filters import AlertFilter
from .models import Alert
from .querysets import AlertQuerySet
from .serializers import AlertSerializer, DaySerializer, SweptSerializer
from .sql import preview

MAY_NOT_SWEEP = "Only those who oversee the IRO service may ask for a sweep."


class Alerts(Collection):
    """The caller's own alerts."""

    serializer_class = AlertSerializer
    filterset_class = AlertFilter

    def get_queryset(self) -> AlertQuerySet:
        """Those that still hold, with the duty of each, in one query."""
        return Alert.objects.visible_to(self.viewer).of(caller(self.request)).with_duty()

    @page("alerts, through the API")
    @extend_schema(summary="Your alerts", responses=answers(AlertSerializer(many=True), *READING))
    def list(self, request: Request) -> Response:
        """What you have been told of and what still holds."""
        return self.page(request)

    @extend_schema(
        summary="What a sweep would find", parameters=[DaySerializer], responses=answers(SweptSerializer, *READING)
    )
    @action(detail=False, methods=["get"], filterset_class=None, pagination_class=None)
    def sweep(self, request: Request) -> Response:
        """The numbers of a sweep of your authority on a day, today unless another is given. Nothing is changed."""
        self._refuse_unless_overseeing()
        asked = DaySerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        found = preview(caller(request).authority_id, asked.validated_data.get("on", self.viewer.on))
        return Response(SweptSerializer(found).data)

    @extend_schema(summary="Sweep now", request=None, responses=answers(SweptSerializer, *(set(ACTING) - {404})))
    @sweep.mapping.post
    def sweep_now(self, request: Request) -> Response:
        """Raise and clear the alerts of your authority today, as happens every minute. A repeat changes nothing."""
        self._refuse_unless_overseeing()
        found = services.sweep(authority=caller(request).authority, at=self.viewer.at, on=self.viewer.on)
        return Response(SweptSerializer(found).data)

    def _refuse_unless_overseeing(self) -> None:
        if not permissions.may_sweep(self.viewer):
            raise PermissionDenied(MAY_NOT_SWEEP)
