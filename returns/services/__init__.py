"""Reading a return into the authority's records."""

from .loading import load_return

__all__ = ["load_return"]
