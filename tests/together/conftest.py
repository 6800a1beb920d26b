"""The ladder, a concern on it, and a review recorded, as the rooms they belong to make them."""

from tests.reviews.conftest import concern, ladder, record

__all__ = ["concern", "ladder", "record"]
