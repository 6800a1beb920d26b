"""Where a request comes from, counting only the proxies that this installation says it has."""

from django.conf import settings
from django.http import HttpRequest


def client_ip(request: HttpRequest) -> str | None:
    """The address the outermost of our PROXY_COUNT proxies was called from.

    Each proxy adds the caller it saw at the right end of X-Forwarded-For; whatever stands further left was
    sent by the caller and proves nothing. With no proxy, or a header too short, the connection itself counts.
    """
    passed = [part.strip() for part in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    count: int = settings.PROXY_COUNT
    if count and len(passed) >= count:
        return passed[-count]
    address: str | None = request.META.get("REMOTE_ADDR")
    return address
