"""What every page's frame shows: the authority, the way round, what waits, when dates were last looked at."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from accounts.requests import authority_in, viewer_in, words_in
from accounts.roles import BY_CODE, ChildPermission, Permission
from accounts.viewers import Viewer
from alerts.models import Alert, Sweep
from authorities.words import say
from escalations.models import Escalation


@dataclass(frozen=True)
class Entry:
    """One entry of the menu, for roles that hold what it asks for; its label may hold the authority's words."""

    label: str
    url_name: str
    asks: ChildPermission | Permission | None = None
    counts: str = ""


MENU = (
    Entry("Home", "dashboards:home"),
    Entry("Caseload", "dashboards:caseload", ChildPermission.VIEW),
    Entry("Reviews", "reviews:list", ChildPermission.VIEW),
    Entry("Decisions", "reviews:decisions", ChildPermission.READ_RECORD),
    Entry("{Escalations}", "escalations:list", ChildPermission.READ_RECORD, counts="escalations"),
    Entry("Figures", "dashboards:figures", Permission.VIEW_FIGURES),
    Entry("Alerts", "alerts:list", ChildPermission.VIEW, counts="alerts"),
    Entry("Data quality", "returns:data_quality", Permission.MANAGE_RETURNS),
    Entry("Access log", "children:access_log", Permission.READ_ACCESS_LOG),
    Entry("Accounts", "accounts:list", Permission.MANAGE_ACCOUNTS),
)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context for templates/base.html."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"authority": None, "navigation": []}
    viewer = viewer_in(request)
    held = permissions_of(viewer.roles)
    words = words_in(request)
    return {
        "authority": authority_in(request),
        "words": words,
        "today": viewer.on,
        "navigation": list(_navigation(request, held, words)),
        "last_sweep_at": Sweep.objects.last_finished_at(user.authority_id),
        "search_url": reverse("dashboards:search") if ChildPermission.VIEW in held else None,
        "account_url": reverse("accounts:mine"),
        "sign_out_url": reverse("account_logout"),
        "sign_in_url": reverse("account_login"),
        "idle_minutes": settings.SESSION_IDLE_MINUTES,
        "session_extend_url": reverse("accounts:extend"),
    }


def permissions_of(codes: list[str]) -> frozenset[ChildPermission | Permission]:
    """Everything these roles permit, about children or not."""
    roles = [BY_CODE[code] for code in codes]
    return frozenset().union(*(role.child_permissions | role.permissions for role in roles))


def _navigation(
    request: HttpRequest, held: frozenset[ChildPermission | Permission], words: dict[str, str]
) -> Iterator[tuple[str, str, bool, int | None]]:
    here = request.resolver_match.view_name if request.resolver_match else ""
    counts = _waiting(viewer_in(request), held)
    for entry in MENU:
        if entry.asks is None or entry.asks in held:
            label = say(entry.label, words)
            yield label, reverse(entry.url_name), here == entry.url_name, counts.get(entry.counts)


def _waiting(viewer: Viewer, held: frozenset[ChildPermission | Permission]) -> dict[str, int]:
    """What waits for this person, counted only for those it can wait for."""
    counts = {}
    if ChildPermission.VIEW in held:
        counts["alerts"] = Alert.objects.of(viewer.user).count()
    if ChildPermission.RESPOND in held:
        counts["escalations"] = Escalation.objects.waiting_for(viewer).count()
    return counts
