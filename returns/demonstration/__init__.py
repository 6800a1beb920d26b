"""A fictional authority with two years of history, the same on every loading of one day."""

from .establishment import CODE, NAME, PASSWORD, logins
from .loading import NotADemonstration, is_loaded, load_demonstration

__all__ = ["CODE", "NAME", "PASSWORD", "NotADemonstration", "is_loaded", "load_demonstration", "logins"]
