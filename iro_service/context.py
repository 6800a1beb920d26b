"""What every page's frame shows: the authority, the way round, what waits, when dates were last looked at."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context for templates/base.html."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"authority": None, "navigation": []}
    return {"authority": user.authority, "navigation": [], "idle_minutes": settings.SESSION_IDLE_MINUTES}
