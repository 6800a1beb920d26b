"""Alerts for machines: the caller's own, of what has slipped or is about to."""

from django.utils.timezone import now
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from machines.resources import Collection
from machines.schema import READING, answers

from .models import Alert
from .permissions import alerts_of
from .querysets import AlertQuerySet
from .serializers import AlertSerializer


class AlertFilter(filters.FilterSet):
    """Which alerts to list."""

    kind = filters.ChoiceFilter(choices=Alert.Kind.choices)


class Alerts(Collection):
    """The caller's own alerts."""

    serializer_class = AlertSerializer
    filterset_class = AlertFilter

    def get_queryset(self) -> AlertQuerySet:
        """Those that still hold, with what each is about, in one query."""
        return alerts_of(self.request.user)

    @extend_schema(summary="Your alerts", responses=answers(AlertSerializer(many=True), *READING))
    def list(self, request: Request) -> Response:
        """What you have been told of and what still holds."""
        return self.page(request, what="api:alerts", at=now())
