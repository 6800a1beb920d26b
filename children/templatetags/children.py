"""`{% load children %}`: what stands at the top of each page about a child."""

from typing import Any

from django import template
from django.urls import reverse

from authorities.words import say
from children.identity import facts
from children.models import Child
from children.permissions import may_see_readers
from screens.components import Link

register = template.Library()

TABS = (
    ("Story", "dashboards:child"),
    ("Reviews", "reviews:of_child"),
    ("{Escalations}", "escalations:of_child"),
    ("People", "children:people"),
    ("Care", "children:care"),
    ("Who has looked", "children:access"),
    ("What changed", "children:changes"),
)


@register.inclusion_tag("screens/identity_bar.html", takes_context=True)
def child_identity(context: template.Context, child: Child) -> dict[str, Any]:
    """Who this page is about. Also `{% include "children/identity.html" %}` where `child` is in the context."""
    return {"title": str(child), "facts": facts(child, context["today"]), "label": "About this child"}


@register.inclusion_tag("screens/sub_navigation.html", takes_context=True)
def child_tabs(context: template.Context, child: Child) -> dict[str, Any]:
    """The pages about a child that this person may open, with the present one marked."""
    request = context["request"]
    here = request.resolver_match.view_name if request.resolver_match else ""
    hidden = set() if may_see_readers(request.user, child) else {"children:access"}
    links = [
        Link(say(label, context["words"]), reverse(name, args=[child.uuid]), is_current=name == here)
        for label, name in TABS
        if name not in hidden
    ]
    return {"links": links, "label": "Pages about this child"}
