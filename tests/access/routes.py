"""Every address the resolver knows, by name."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver


def routes(resolver: URLResolver | None = None, namespace: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Full name and pattern of each address; an address without a name is given its pattern as name."""
    for part in (resolver or get_resolver()).url_patterns:
        if isinstance(part, URLResolver):
            inner = f"{namespace}{part.namespace}:" if part.namespace else namespace
            yield from routes(part, inner)
        else:
            yield namespace + (part.name or str(part.pattern)), part


# What answers machines in their own way is walked by tests/api; its documentation is a page like any other.
MACHINES = sorted({name for name, _ in routes() if name.startswith("api:") and name != "api:docs"})
NAMES = sorted({name for name, _ in routes()} - set(MACHINES))
