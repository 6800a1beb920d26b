"""Duties for machines: what is owed, by when, and where each stands."""

from datetime import date

from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from machines.resources import Collection
from machines.schema import READING, answers
from screens.pages import page

from . import kinds
from .models import Duty
from .querysets import DutyQuerySet
from .serializers import DutySerializer, as_shown


def known_kinds() -> list[tuple[str, str]]:
    """Code and words of every kind in the table."""
    return [(kind.code, kind.words) for kind in kinds.KINDS]


class DutyFilter(filters.FilterSet):
    """Which duties to list, and on which day to say where each stands. Days are written 2026-08-17."""

    child = filters.UUIDFilter(field_name="child__uuid", label="The uuid of the child.")
    kind = filters.ChoiceFilter(choices=known_kinds, label="Only of one kind.")
    on = filters.DateFilter(
        method="as_of", input_formats=["%Y-%m-%d"], label="Which there were on this day, and where each stood."
    )

    def as_of(self, rows: DutyQuerySet, name: str, value: date) -> DutyQuerySet:
        """The rows there were on that day, standing as they did, or as they will."""
        return rows.as_of(value)


class Duties(Collection):
    """Duties about the children the caller may see, of the kinds the caller may know of."""

    http_method_names = ["get", "head"]
    serializer_class = DutySerializer
    filterset_class = DutyFilter

    def get_queryset(self) -> DutyQuerySet:
        """Open, met and closed ones, each with its child and where it stands today, in one query."""
        return as_shown(Duty.objects.visible_to(self.viewer), self.viewer.on)

    @page("a list of what is owed, through the API")
    @extend_schema(
        summary="What is owed about the children you may see", responses=answers(DutySerializer(many=True), *READING)
    )
    def list(self, request: Request) -> Response:
        """Every duty with its dates, whether open, met or closed."""
        return self.page(request)
