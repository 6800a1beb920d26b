"""Markup of the figures page made in plain Python, where a template's loop for every cell is too slow."""

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from .figures.base import Reading
from .figures.trends import Trend

HEAD = '<th scope="col" class="govuk-table__header govuk-table__header--numeric">{}</th>'
CELL = '<td class="govuk-table__cell govuk-table__cell--numeric">{}</td>'


def numbers(trend: Trend) -> SafeString:
    """The table of a chart's numbers, one row a point."""
    rows = ((point.label, format_html_join("", CELL, ((word,) for word in point.words))) for point in trend.points)
    return format_html(
        '<table class="govuk-table screens-table"><caption class="govuk-visually-hidden">{}</caption>'
        '<thead><tr><th scope="col" class="govuk-table__header">When</th>{}</tr></thead><tbody>{}</tbody></table>',
        trend.title,
        format_html_join("", HEAD, ((name,) for name in trend.series)),
        format_html_join("", '<tr><th scope="row" class="govuk-table__header">{}</th>{}</tr>', rows),
    )


def part_list(reading: Reading, query: str, *, has_lists: bool) -> SafeString:
    """Every part of a figure with its count, each a link to its list for those who may read lists.

    `query` is the page's own period, beginning with a question mark.
    """
    said = ((part.slug, f"{part.label}: {part.count}") for part in reading.parts)
    if not has_lists:
        return format_html_join("", "<li>{1}</li>", said)
    start = format_html('<li><a class="govuk-link" href="{}{}&amp;part=', _address(reading), query)
    return format_html_join("", '{}{}">{}</a></li>', ((start, slug, words) for slug, words in said))


def _address(reading: Reading) -> str:
    return reverse("dashboards:figure", args=[reading.figure.slug])
