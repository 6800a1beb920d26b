"""A child in a table's cell."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

from screens.cells import link

from .models import Child


def child_link(child: Child, url: str) -> SafeString:
    """The child as a link, with the reference beside the name: two children may share one."""
    name = link(str(child), url)
    if str(child) == child.reference:
        return name
    return format_html('{} <span class="govuk-!-font-weight-regular">{}</span>', name, child.reference)
