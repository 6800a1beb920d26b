"""The rows of returns as they are kept: read, and replaced when a year is returned again."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from authorities.models import Authority
from children.services import BATCH

from ..checking import Values
from ..combining import Combined, Said, combined
from ..models import Return, ReturnedChild, ReturnProblem
from ..report import Rejection, Report

DAYS = frozenset({
    "DOB", "MC_DOB", "DUC", "DECOM", "DEC", "MIS_START", "MIS_END", "DATE_PLACED", "DATE_PLACED_CEASED", "REVIEW",
})  # fmt: skip


@dataclass
class Kept:
    """What the returns of an authority said of some children before this reading, by reference and year."""

    said: dict[str, dict[int, Said]] = field(default_factory=dict)

    @classmethod
    def of(cls, authority: Authority, references: Collection[str]) -> "Kept":
        """As the returns read so far say; one query."""
        rows = ReturnedChild.objects.filter(of__authority=authority, reference__in=references)
        kept = cls()
        for reference, year, said in rows.values_list("reference", "of__year", "rows"):
            kept.said.setdefault(reference, {})[year] = _as_values(said)
        return kept

    def combined(self, reference: str) -> Combined:
        """What stands of one child."""
        return combined(self.said.get(reference, {}))

    def replaced(self, reference: str, year: int, said: Said) -> Combined:
        """What stands once a year says this."""
        return combined(self.said.get(reference, {}) | {year: said})


def replace_year(returned: Return, said: dict[str, Said], tables: Collection[str]) -> None:
    """Keep what a return says, by reference. Tables it does not hold keep the rows it gave before.

    Children it named before and names no more stay, marked: somebody has to say what became of them.
    """
    held = {row.reference: row for row in returned.children.select_for_update(no_key=True)}
    changed: list[ReturnedChild] = []
    new: list[ReturnedChild] = []
    for reference, now in said.items():
        row = held.pop(reference, None)
        if row is None:
            new.append(ReturnedChild(of=returned, reference=reference, rows=_as_stored(now)))
            continue
        rows = _as_stored(now)
        if row.rows != rows or row.is_withdrawn:
            row.rows, row.is_withdrawn = rows, False
            changed.append(row)
    for row in held.values():
        if not row.is_withdrawn and "Header" in tables:
            row.is_withdrawn = True
            changed.append(row)
    ReturnedChild.objects.bulk_update(changed, ["rows", "is_withdrawn"], batch_size=BATCH)
    ReturnedChild.objects.bulk_create(new, batch_size=BATCH)


def keep_problems(returned: Return, report: Report) -> None:
    """Keep what of this reading did not land, in place of what the reading before left."""
    returned.problems.all().delete()
    found = [*_problems(returned, report.rejected, is_row=True), *_problems(returned, report.blanked, is_row=False)]
    ReturnProblem.objects.bulk_create(found, batch_size=BATCH)


def _problems(returned: Return, found: Iterable[Rejection], *, is_row: bool) -> list[ReturnProblem]:
    return [
        ReturnProblem(
            of=returned, is_row=is_row, file=_plain(one.file, 255), row=one.row, column=_plain(one.column, 200),
            value=_plain(one.value, 100), reason=_plain(one.reason, 2000),
        )
        for one in found
    ]  # fmt: skip


def _plain(text: str, limit: int) -> str:
    """Text the database can hold: without a NUL or half a character."""
    return text.replace("\0", "�").encode("utf-8", errors="replace").decode("utf-8")[:limit]


def _as_stored(said: Said) -> dict[str, list[dict[str, Any]]]:
    return {table: [_stored(row) for row in rows] for table, rows in said.items() if rows}


def _stored(row: Values) -> dict[str, Any]:
    return {column: value.isoformat() if isinstance(value, date) else value for column, value in row.items()}


def _as_values(said: dict[str, list[dict[str, Any]]]) -> Said:
    return {table: [_values(row) for row in rows] for table, rows in said.items()}


def _values(row: dict[str, Any]) -> Values:
    return {column: date.fromisoformat(value) if value and column in DAYS else value for column, value in row.items()}
