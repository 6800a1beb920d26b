"""The register of figures: one id, one definition, and the list behind every number."""

from .base import Figure, Part, Reading, Scope
from .register import BY_SLUG, FIGURES

__all__ = ["BY_SLUG", "FIGURES", "Figure", "Part", "Reading", "Scope"]
