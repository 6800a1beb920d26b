"""Figures for machines: the same numbers, definitions and rows as the page and the command."""

from django.core.exceptions import PermissionDenied
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.requests import authority_in, log_reading, viewer_in, words_in
from accounts.roles import Permission
from machines.schema import READING, answers
from screens.pages import page
from timescales.refusals import Refused

from .days import working_calendar
from .figures import FIGURES, known_to, scope_for
from .figures.answers import Answer
from .figures.answers import answers as figures_answered
from .permissions import Reach, reach_of
from .rules import Period, period_asked
from .serializers import FiguresSerializer

NO_FIGURES = "Your role does not read figures."
ASKED = {
    "year": "From April to March, such as 2017-18.",
    "from": "Or the first day, such as 2026-07-01.",
    "to": "And the last day, today or earlier; counts on a day are of this one.",
    "figure": "Only the figure with this id, such as C3 or F2-RED.",
}
EXAMPLES = [OpenApiExample("a year", value="2017-18")]


class Figures(viewsets.ViewSet):
    """The figures the caller reads."""

    http_method_names = ["get", "head"]

    @page("the lists behind figures, through the API")
    @extend_schema(
        summary="The figures of a year or of a period",
        parameters=[
            OpenApiParameter(name, str, description=words, examples=EXAMPLES if name == "year" else [])
            for name, words in ASKED.items()
        ],
        responses=answers(FiguresSerializer, *READING),
    )
    def list(self, request: Request) -> Response:
        """Of the children you see; both days included. The rows behind each numerator are logged as read."""
        reach = reach_of(viewer_in(request).roles)
        if not reach.has(Permission.VIEW_FIGURES):
            raise PermissionDenied(NO_FIGURES)
        found = answered(request, reach)
        log_reading(request, (row.child_id for figure in found for row in figure.rows or []))
        return Response(FiguresSerializer({"figures": found}).data)


def answered(request: Request, reach: Reach) -> list[Answer]:
    """The figures asked for, as `figures_of`; ValidationError for a period, figure or filter that cannot be."""
    given = request.query_params
    unknown = {name: "There is no such filter." for name in given if name not in ASKED}
    if unknown:
        raise ValidationError(unknown)
    try:
        period = period_asked(
            year=given.get("year"), first=given.get("from"), last=given.get("to"), today=viewer_in(request).on
        )
        return figures_of(request, reach, period)
    except Refused as refused:
        raise ValidationError({str(refused.field): refused.message}) from refused


def figures_of(request: Request, reach: Reach, period: Period) -> list[Answer]:
    """The figures this person reads, with their rows where these roles read lists."""
    scope = scope_for(
        viewer_in(request), reach, period, working_calendar(), words_in(request), known_to(authority_in(request))
    )
    mine, wanted = [figure for figure in FIGURES if figure.is_for(reach)], request.query_params.get("figure")
    return figures_answered(scope, mine, child="child__uuid", has_lists=reach.has_lists, wanted=wanted)
