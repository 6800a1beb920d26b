"""Children for machines: who they are, who works with them, and when they were looked after."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from machines.resources import Collection
from machines.schema import READING, answers
from screens.pages import page

from .filters import ChildFilter
from .models import Allocation, CarePeriod, Child, TeamAllocation
from .querysets import ChildQuerySet
from .requests import opened
from .serializers import ChildSerializer


class Children(Collection):
    """Children the caller may see."""

    child_key = "pk"
    serializer_class = ChildSerializer
    filterset_class = ChildFilter

    def get_queryset(self) -> ChildQuerySet:
        """With the people who work with each, in as many queries for one as for all."""
        found = Child.objects.visible_to(self.viewer).with_people(
            Allocation.objects.all(), TeamAllocation.objects.all()
        )
        return found.with_care_periods(CarePeriod.objects.all())

    @page("a list of children, through the API")
    @extend_schema(summary="The children you may see", responses=answers(ChildSerializer(many=True), *READING))
    def list(self, request: Request) -> Response:
        """Children in your scope, whether looked after now or before."""
        return self.page(request)

    @page("the child, through the API")
    @extend_schema(summary="One child", responses=answers(ChildSerializer, *READING, 404))
    def retrieve(self, request: Request, uuid: UUID) -> Response:
        """Who the child is, who works with them now, and when they were looked after."""
        return Response(self.shown(opened(request, self.get_queryset(), uuid)))
