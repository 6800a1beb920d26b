"""Reading one year's return in: one transaction for everything it says."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from accounts.models import User
from audit.services import record_event
from authorities.models import Authority
from children.models import Child

from .. import reading, rules, statistics
from ..checking import Bad
from ..combining import Said
from ..models import Return
from ..report import OUTCOMES, Report
from ..spelling import Spellings
from .care import load_care
from .changes import Changes
from .held_reviews import load_reviews
from .keeping import Kept, keep_problems, replace_year
from .people import load_children
from .records import Entry, Records
from .spells import load_adoption_placements, load_missing


def load_return(
    *, folder: Path, authority: Authority, year: int, at: datetime, on: date, by: User | None = None
) -> Report:
    """Read the return in a folder into the authority's records and say what became of every row.

    `year` is the year to 31 March; files that bear several years in their names are read each as its own. What the
    year's return said before is replaced by what it says now, table by table; what was typed here stands. Rows
    that cannot be held are rejected with their place and reason; the others land. Reading the same folder again
    changes nothing, and years in any order give one result. Raises reading.NothingToRead, with nothing written,
    when the folder cannot be read or no file in it is a table of the return that this version reads.
    """
    report = Report()
    files = reading.read_folder(folder, report)
    if not any(file.is_loaded for file in files):
        raise reading.NothingToRead(
            f"Nothing could be read: no file in {folder} is a table of the SSDA903 return that this version reads.",
            report,
        )
    with transaction.atomic():
        # One return of an authority at a time. Without its key, so that what others record there goes on.
        locked = Authority.objects.select_for_update(no_key=True).get(pk=authority.pk)
        for of_year, its_files in reading.by_year(files, year).items():
            _refuse_unkept(locked, of_year)
            of_it = report.of_files(its_files)
            _load(its_files, of_it, locked, of_year, at, on, by)
            report.add(of_it)
        statistics.renew_when_committed()
    return report


def _load(
    files: Sequence[reading.TableFile],
    report: Report,
    authority: Authority,
    year: int,
    at: datetime,
    on: date,
    by: User | None,
) -> None:
    returned = _begin(authority, year, at, by)
    records = Records(year, on, report, Spellings.held_by(authority))
    records.read([file for file in files if file.is_loaded])
    _refuse_strangers(records, authority)
    records.refuse_overlaps()
    said = records.said()
    references = said.keys() | set(returned.children.values_list("reference", flat=True))
    kept = Kept.of(authority, references)
    tables = {entry.table for entry in records.entries}
    now = {reference: _with_tables_before(said, kept, reference, year, tables) for reference in references}
    changes = Changes(
        authority,
        records,
        {reference: kept.combined(reference) for reference in references},
        {reference: kept.replaced(reference, year, now[reference]) for reference in references},
    )
    replace_year(returned, {reference: now[reference] for reference in said}, tables)
    is_history_changed = _note_history(authority, returned, records, tables)
    changes.fetch(is_history_changed=is_history_changed)
    load_children(changes)
    load_care(changes)
    load_missing(changes)
    load_adoption_placements(changes)
    load_reviews(changes, at=at, on=on)
    records.count()
    _finish(returned, report, by, at)


def _with_tables_before(said: dict[str, Said], kept: Kept, reference: str, year: int, tables: set[str]) -> Said:
    """What the year says of a child now: tables not in this reading, and children it drops, as they were."""
    was = kept.said.get(reference, {}).get(year, {})
    now = said.get(reference)
    if now is None:
        return was
    return {**{table: rows for table, rows in was.items() if table not in tables}, **now}


def _refuse_unkept(authority: Authority, year: int) -> None:
    """What returns said was not kept at first; until a newer year is read again, an older one could overrule it."""
    newer = Return.objects.of(authority.pk).filter(year__gt=year, read_to_on__isnull=True).first()
    if newer is not None:
        raise reading.NothingToRead(
            f"The return of {newer.year} was read before returns were kept. Read it again first, then that of {year}."
        )


def _begin(authority: Authority, year: int, at: datetime, by: User | None) -> Return:
    counts = dict.fromkeys(("read", *OUTCOMES), 0)
    returned, _ = Return.objects.get_or_create(
        authority=authority, year=year, defaults={"loaded_at": at, "loaded_by": by, **counts}
    )
    return returned


def _refuse_strangers(records: Records, authority: Authority) -> None:
    """Refuse rows of children that have no Header row, and those whose birth date differs from it.

    A row of a child no return has named yet is kept all the same: another year's Header may name it.
    """
    births = {entry.values["CHILD"]: entry.values["DOB"] for entry in records.entries if entry.table == "Header"}
    named = {entry.values["CHILD"] for entry in records.entries} - births.keys()
    held = Child.objects.filter(authority=authority, reference__in=named)
    births |= dict(held.values_list("reference", "date_of_birth"))
    records.refuse(lambda entry: _stranger(entry, births, records))


def _stranger(entry: Entry, births: dict[str, date], records: Records) -> Bad | None:
    child = entry.values["CHILD"]
    if child not in births:
        row = records.header_rows_refused.get(child)
        if row is not None:
            reason = (
                f"The child's Header row, row {row}, could not be read: mend that one. This row is as it should be."
            )
            return Bad("CHILD", child, reason)
        reason = "There is no such child in this return's Header, nor held already (INT08)."
        records.outcomes[entry.key] = Bad("CHILD", child, reason)
        return None
    born_on = entry.values.get("DOB", births[child])
    if born_on != births[child]:
        return Bad("DOB", f"{born_on:%d/%m/%Y}", "The date of birth differs from the child's Header row (INT17).")
    if entry.table == "Episodes" and entry.values["DECOM"] < born_on:
        return Bad("DECOM", f"{entry.values['DECOM']:%d/%m/%Y}", "Care cannot begin before the child was born.")
    return None


def _note_history(authority: Authority, returned: Return, records: Records, tables: set[str]) -> bool:
    """Note how far the returns go and which years' reviews none tells; whether that is other than it was."""
    returned.read_to_on = records.last_on
    returned.tables = sorted({*returned.tables, *tables})
    returned.save(update_fields=["read_to_on", "tables"])
    returns = list(Return.objects.of(authority.pk))
    years = [one.year for one in returns]
    told = [one.year for one in returns if "Reviews" in one.tables or one.read_to_on is None]
    first = min(told or years)
    now = {
        "history_from": rules.year_starts_on(first),
        "returns_to_on": max(one.read_to_on or rules.year_ends_on(one.year) for one in returns),
        "years_without_reviews": [year for year in range(first, max(years) + 1) if year not in told],
    }
    is_changed = any(getattr(authority, name) != value for name, value in now.items() if name != "returns_to_on")
    for name, value in now.items():
        setattr(authority, name, value)
    authority.save(update_fields=list(now))
    return is_changed


def _finish(returned: Return, report: Report, by: User | None, at: datetime) -> None:
    counts = {name: report.total(name) for name in ("read", *OUTCOMES)}
    for name, value in {"loaded_at": at, "loaded_by": by, **counts}.items():
        setattr(returned, name, value)
    returned.save()
    keep_problems(returned, report)
    record_event(
        verb="return.loaded",
        subject=returned,
        by=by,
        at=at,
        authority_id=returned.authority_id,
        year=returned.year,
        **counts,
    )
