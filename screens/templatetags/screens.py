"""`{% load screens %}`: the design system's parts as tags that draw `screens.components`."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import template
from django.core.paginator import Page
from django.forms import BaseForm
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from screens import cells
from screens.components import ChipGroup, Event, Link, Step, SummaryRow
from screens.paging import page_links

register = template.Library()
register.filter("day", cells.day)
register.filter("short_day", cells.short_day)
register.filter("moment", cells.moment)


@register.simple_tag
def tag(text: str, kind: str = "neutral") -> SafeString:
    """`{% tag "Overdue" "bad" %}`: a word in a coloured box; kinds good, warn, bad, neutral, info."""
    return cells.status_tag(text, kind)


@register.inclusion_tag("screens/error_summary.html")
def error_summary(*forms: BaseForm) -> dict[str, Any]:
    """`{% error_summary form %}`: what is wrong on these forms, each line linked to its box."""
    return {"errors": [line for form in forms for line in _error_lines(form)]}


def _error_lines(form: BaseForm) -> list[dict[str, Any]]:
    lines = []
    for name, errors in (form.errors if form is not None else {}).items():
        bound = form[name] if name in form.fields else None
        target = None if bound is None or bound.is_hidden else getattr(bound, "error_target", None)
        lines += [{"text": text, "target": target} for text in errors]
    return lines


@register.inclusion_tag("screens/notification.html")
def notification(text: Any, title: str = "", kind: str = "") -> dict[str, Any]:
    """`{% notification "Saved." kind="success" %}`: a banner at the top of the page."""
    return {"text": text, "title": title or ("Success" if kind == "success" else "Important"), "kind": kind}


@register.inclusion_tag("screens/identity_bar.html")
def identity_bar(title: str, facts: Sequence[SummaryRow] = (), label: str = "About") -> dict[str, Any]:
    """Who this page is about, with the few facts that are needed on each of their pages."""
    return {"title": title, "facts": facts, "label": label}


@register.inclusion_tag("screens/timeline.html")
def timeline(events: Sequence[Event], heading_level: int = 2) -> dict[str, Any]:
    """What happened, newest first or as given."""
    return {"events": events, "level": heading_level}


@register.inclusion_tag("screens/summary_list.html")
def summary_list(rows: Sequence[SummaryRow], classes: str = "") -> dict[str, Any]:
    """Questions and answers: the check-your-answers list."""
    return {"rows": rows, "classes": classes}


@register.inclusion_tag("screens/task_list.html")
def task_list(steps: Sequence[Step], id_prefix: str = "task") -> dict[str, Any]:
    """The sections of a long form with what is done."""
    return {"steps": steps, "prefix": id_prefix}


@register.inclusion_tag("screens/sub_navigation.html")
def sub_navigation(links: Sequence[Link], label: str = "Sections") -> dict[str, Any]:
    """Tabs that are real pages."""
    return {"links": links, "label": label}


@register.inclusion_tag("screens/side_navigation.html")
def side_navigation(links: Sequence[Link], label: str = "Sections") -> dict[str, Any]:
    """The same down the side."""
    return {"links": links, "label": label}


@register.inclusion_tag("screens/breadcrumbs.html")
def breadcrumbs(links: Sequence[Link]) -> dict[str, Any]:
    """Where this page is; for `{% block before_content %}`."""
    return {"links": links}


@register.simple_tag
def back_link(url: str, text: str = "Back") -> SafeString:
    """One step back; for `{% block before_content %}`."""
    return format_html('<a href="{}" class="govuk-back-link">{}</a>', url, text)


@register.simple_tag
def inset(text: Any) -> SafeString:
    """Words set apart from the rest."""
    return format_html('<div class="govuk-inset-text">{}</div>', text)


@register.simple_tag
def warning(text: Any) -> SafeString:
    """Words nobody may miss."""
    return format_html(
        '<div class="govuk-warning-text"><span class="govuk-warning-text__icon" aria-hidden="true">!</span>'
        '<strong class="govuk-warning-text__text">'
        '<span class="govuk-visually-hidden">Warning</span> {}</strong></div>',
        text,
    )


@register.simple_block_tag
def details(content: SafeString, summary: str, is_open: bool = False) -> SafeString:
    """`{% details "How this was worked out" %}…{% enddetails %}`: folded until asked for."""
    return format_html(
        '<details class="govuk-details"{}><summary class="govuk-details__summary">'
        '<span class="govuk-details__summary-text">{}</span></summary>'
        '<div class="govuk-details__text">{}</div></details>',
        " open" if is_open else "",
        summary,
        content,
    )


@register.inclusion_tag("screens/pagination.html", takes_context=True)
def pagination(
    context: template.Context, page: Page[Any], name: str = "page", label: str = "Pagination"
) -> dict[str, Any]:
    """Numbered pages of this list, keeping its filters and sort."""
    request: HttpRequest = context["request"]
    return {**page_links(request.GET, page, name), "label": label}


@register.inclusion_tag("screens/pagination.html")
def cursor_pagination(
    previous_url: str | None, next_url: str | None, whole_url: str | None = None, label: str = "Pagination"
) -> dict[str, Any]:
    """Only back and on, for lists too long to number, and where given the way to a long page that can be printed."""
    return {"previous_url": previous_url, "next_url": next_url, "whole_url": whole_url, "label": label}


@register.simple_tag
def download_links(files: Sequence[tuple[str, str]]) -> SafeString:
    """`{% download_links files %}`: what a page shows otherwise than as a table, as files by caption and address."""
    link = '<a class="govuk-link" href="{}">Download as CSV: {}</a>'
    links = format_html_join(" ", link, ((url, words.lower()) for words, url in files if url))
    return (
        format_html('<p class="govuk-body-s screens-table__ways screens-no-print">{}</p>', links) if links else links
    )


@register.inclusion_tag("screens/filter.html")
def filter_panel(form: BaseForm, groups: Sequence[ChipGroup] = (), clear_url: str = "?") -> dict[str, Any]:
    """A plain GET form of filters, with a chip for each that is on."""
    return {"form": form, "groups": [group for group in groups if group.chips], "clear_url": clear_url}


@register.simple_tag
def attributes(values: dict[str, str | date | datetime | None]) -> SafeString:
    """`<form{% attributes values %}>`: escaped HTML attributes; those whose value is None are left out."""
    return format_html_join("", ' {}="{}"', ((key, value) for key, value in values.items() if value is not None))
