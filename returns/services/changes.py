"""The children a return changes: what stood of each before it was read, and what stands now."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from authorities.models import Authority
from children.models import Child
from children.services import Care, lock_care

from ..checking import Bad
from ..combining import Combined
from .records import Records


@dataclass
class Changes:
    """Children by reference, and of each what the returns said together before and say now."""

    authority: Authority
    records: Records
    before: Mapping[str, Combined]
    now: Mapping[str, Combined]
    children: dict[str, Child] = field(default_factory=dict)
    care: Care = field(init=False)

    def fetch(self, *, is_history_changed: bool) -> None:
        """Fetch and lock what is held of them, and where other years are known now, of all whom that may date."""
        mine = Child.objects.filter(authority=self.authority)
        keys = set(mine.filter(reference__in=set(self.now)).values_list("pk", flat=True))
        if is_history_changed:
            keys |= set(mine.filter(care_periods__isnull=False).values_list("pk", flat=True))
        self.care = lock_care(authority_id=self.authority.pk, child_ids=keys)
        self.children = {child.reference: child for child in self.care.children.values()}

    def of_children(self) -> Iterator[tuple[Child, Combined, Combined]]:
        """Each child the return speaks of that is held: what stood, and what stands."""
        for reference, now in self.now.items():
            child = self.children.get(reference)
            if child is not None:
                yield child, self.before[reference], now

    def note(self, table: str, child: Child, key: Iterable[object], outcome: str | Bad) -> None:
        """What became of a row, if the return just read gives it."""
        self.records.outcomes[(table, child.reference, *key)] = outcome

    def differ(self, table: str, child: Child, key: Iterable[object], bad: Bad) -> None:
        """That a cell of a row, if the return just read gives it, says otherwise than what was corrected here."""
        self.records.differ((table, child.reference, *key), bad)
