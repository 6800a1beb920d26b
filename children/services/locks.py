"""Holding a child's row, so that two acts about one child follow one another."""

from collections.abc import Iterable

from ..models import Child


def lock_child(child_id: int) -> Child:
    """The child as it stands now, held until the transaction ends.

    The first lock of whoever changes something about a child; what comes after it, and why no lock joins
    other tables, stands in docs/decisions/0009-one-order-of-locks.md.
    """
    return Child.objects.select_for_update(no_key=True).get(pk=child_id)


def lock_children(child_ids: Iterable[int]) -> list[Child]:
    """Several, held likewise in the order of their keys, so that two acts about the same children never cross."""
    rows = Child.objects.filter(pk__in=list(child_ids)).order_by("pk")
    return list(rows.select_for_update(no_key=True))
