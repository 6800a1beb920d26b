"""`{% load children %}`: what stands at the top of each page about a child."""

from typing import Any

from django import template
from django.urls import reverse

from accounts.access import can
from accounts.requests import viewer_in
from authorities.words import say
from children.identity import facts
from children.models import Child
from screens.components import Link
from screens.pages import tabs

register = template.Library()


@register.inclusion_tag("screens/identity_bar.html", takes_context=True)
def child_identity(context: template.Context, child: Child) -> dict[str, Any]:
    """Who this page is about. Also `{% include "children/identity.html" %}` where `child` is in the context."""
    return {"title": str(child), "facts": facts(child, context["today"]), "label": "About this child"}


@register.inclusion_tag("screens/sub_navigation.html", takes_context=True)
def child_tabs(context: template.Context, child: Child) -> dict[str, Any]:
    """The pages about a child that this person may open, with the present one marked."""
    request = context["request"]
    here = request.resolver_match.view_name if request.resolver_match else ""
    viewer = viewer_in(request)
    links = [
        Link(say(tab.label, context["words"]), reverse(name, args=[child.uuid]), is_current=name == here)
        for name, tab in tabs()
        if tab.asks is None or can(viewer, tab.asks, child)
    ]
    return {"links": links, "label": "Pages about this child"}
