"""Taking up what a council's own files say: of its children, and of the people who work with them."""

from .children import sync_children
from .staff import sync_staff

__all__ = ["sync_children", "sync_staff"]
