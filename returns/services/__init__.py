"""Reading a return, or a council's own files, into the authority's records."""

from .feeds import sync_children, sync_staff
from .loading import load_return

__all__ = ["load_return", "sync_children", "sync_staff"]
