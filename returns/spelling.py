"""One child under two spellings of a reference: D1 and d1 are the same child to every person, and to no computer."""

from collections.abc import Iterable
from typing import Self

from authorities.models import Authority
from children.models import Child

from .checking import Bad


class Spellings:
    """References as they were first met, by what they are without regard to capitals."""

    def __init__(self, held: Iterable[str] = ()) -> None:
        self.held = set(held)
        self.first = {reference.casefold(): reference for reference in sorted(self.held)}

    @classmethod
    def held_by(cls, authority: Authority) -> Self:
        """Those of the children an authority holds already."""
        return cls(Child.objects.filter(authority=authority).values_list("reference", flat=True))

    def why_not(self, reference: str) -> Bad | None:
        """Why a row with this reference may not be taken: another differs from it only in capitals, and came first.

        Which of the two is right is for a person to say; taking both would make two children of one.
        """
        first = self.first.setdefault(reference.casefold(), reference)
        if first == reference or reference in self.held:
            return None
        return Bad(
            "CHILD",
            reference,
            f"This differs only in capitals from {first}, which is held already or stands earlier in this return."
            " Write one child's reference in one way.",
        )
