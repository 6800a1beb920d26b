"""The children a file tells of: each row with the child it is about, and what became of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.timezone import localdate

from authorities.models import Authority
from children.models import Child
from children.rules import EpisodeGiven
from children.services import BATCH, Care, lock_care

from ...checking import Bad
from ...feeds.checking import ChildSaid
from ...feeds.report import FeedReport
from ...models import FedChild, Feed


@dataclass
class FedRow:
    """A row that lands: the child, what the file said before, and whether anything changes by it."""

    said: ChildSaid
    child: Child
    before: dict[str, str] | None
    is_new: bool = False
    is_changed: bool = False
    begins_care: bool = False
    episodes: list[EpisodeGiven] = field(default_factory=list)
    begun: list[date] = field(default_factory=list)  # the first days of episodes that are new by it
    left: list[str] = field(default_factory=list)  # columns whose cells were not taken

    @property
    def outcome(self) -> str:
        """The word for the report."""
        return "created" if self.is_new else "updated" if self.is_changed else "unchanged"

    def was(self, column: str, held: str) -> bool:
        """Whether the file said before what is held now, so that the change is the file's."""
        return self.before is not None and self.before.get(column, "").casefold() == held.casefold()

    def kept(self) -> dict[str, str]:
        """What is kept of the row: of a cell that was not taken, what was said before."""
        old = self.before or {}
        return self.said.kept() | {column: old.get(column, "") for column in self.left}


@dataclass
class Taking:
    """One reading of a file: what it says, and what is held, locked."""

    authority: Authority
    report: FeedReport
    at: datetime
    on: date
    feed: Feed
    is_first: bool  # no row of an earlier file landed
    care: Care
    children: dict[str, Child]  # those held, by reference
    before: dict[str, FedChild]  # by reference
    rows: list[FedRow] = field(default_factory=list)

    @classmethod
    def begin(cls, authority: Authority, said: Iterable[ChildSaid], report: FeedReport, at: datetime) -> "Taking":
        """Fetch and lock what is held of these children."""
        feed, _ = Feed.objects.get_or_create(
            authority=authority, defaults={"first_read_at": at, "read_at": at, "counts": {}}
        )
        is_first = not feed.children.exists()
        references = [one.reference for one in said]
        mine = Child.objects.filter(authority=authority, reference__in=references)
        care = lock_care(authority_id=authority.pk, child_ids=mine.values_list("pk", flat=True))
        before = {row.reference: row for row in feed.children.filter(reference__in=references)}
        children = {child.reference: child for child in care.children.values()}
        return cls(authority, report, at, localdate(at), feed, is_first, care, children, before)

    def refuse(self, said: ChildSaid, bad: Bad) -> None:
        """Refuse a row."""
        self.report.refuse(said.row, bad.column, bad.value, bad.reason)

    def differ(self, row: FedRow, column: str, value: str, reason: str) -> None:
        """List a difference between the file and what is held."""
        self.report.differ(row.said.row, column, value, reason)

    def leave(self, row: FedRow, column: str, reason: str) -> None:
        """List a cell that is not taken."""
        row.left.append(column)
        self.report.leave(row.said.row, column, getattr(row.said, column), reason)

    def finish(self) -> None:
        """Count the rows, and keep what each said."""
        new, changed = [], []
        for row in self.rows:
            self.report.count(row.outcome)
            held, said = self.before.get(row.said.reference), row.kept()
            if held is None:
                new.append(FedChild(of=self.feed, reference=row.said.reference, said=said, episodes=row.begun))
            elif held.said != said or row.begun:
                held.said, held.episodes = said, [*held.episodes, *row.begun]
                changed.append(held)
        FedChild.objects.bulk_create(new, batch_size=BATCH)
        FedChild.objects.bulk_update(changed, ["said", "episodes"], batch_size=BATCH)
        self.feed.read_at, self.feed.counts = self.at, self.report.counts
        self.feed.save(update_fields=["read_at", "counts"])
