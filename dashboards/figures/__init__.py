"""The register of figures: one id, one definition, and the list behind every number."""

from .base import Figure, Part, Reading
from .register import BY_SLUG, FIGURES
from .scope import Scope, known_to, scope_for

__all__ = ["BY_SLUG", "FIGURES", "Figure", "Part", "Reading", "Scope", "known_to", "scope_for"]
