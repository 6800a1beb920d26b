"""Reading one year's return in: one transaction for everything it says."""

from datetime import date, datetime
from pathlib import Path

from django.db import transaction

from accounts.models import User
from audit.services import record_event
from authorities.models import Authority

from .. import layouts, reading, rules, statistics
from ..models import Return
from ..report import Report
from .care import load_care
from .held_reviews import load_reviews
from .people import load_children
from .records import Records
from .spells import load_adoption_placements, load_missing


def load_return(
    *, folder: Path, authority: Authority, year: int, at: datetime, on: date, by: User | None = None
) -> Report:
    """Read the return in a folder into the authority's records and say what became of every row.

    `year` is the year to 31 March. Rows that cannot be held are rejected with their place and reason; the
    others land. Reading the same folder again changes nothing. What a newer return, already read, says again
    stands against this one. Raises reading.NothingToRead, with nothing written, when the folder cannot be read
    or no file in it is a table of the return that this version reads.
    """
    report = Report()
    files = _read(folder, report)
    if not any(file.is_loaded for file in files):
        raise reading.NothingToRead(
            f"Nothing could be read: no file in {folder} is a table of the SSDA903 return that this version reads.",
            report,
        )
    _load(files, report, authority, year, at, on, by)
    return report


def _read(folder: Path, report: Report) -> list[reading.TableFile]:
    files = []
    for path in reading.files_in(folder):
        try:
            file = reading.read_file(path)
        except reading.FileRefused as refused:
            problem = refused.problem
            count = report.file(path.name)
            report.reject(count, problem.row, problem.column, problem.value, problem.reason)
            continue
        report.file(file.name, file.table if file.is_loaded else f"{file.table} ({reading.NOT_READ})")
        files.append(file)
    return files


@transaction.atomic
def _load(
    files: list[reading.TableFile],
    report: Report,
    authority: Authority,
    year: int,
    at: datetime,
    on: date,
    by: User | None,
) -> None:
    # One return of an authority at a time. Without its key, so that what others record there goes on.
    authority = Authority.objects.select_for_update(no_key=True).get(pk=authority.pk)
    latest = Return.objects.latest_year(authority.pk)
    records = Records(authority, year, latest is None or year >= latest, on, at, report)
    loaded = [file for file in files if file.is_loaded]
    records.fetch((row.values["CHILD"] for file in loaded for row in file.rows), authority.history_from)
    entries = {table: records.entries(loaded, table) for table in layouts.LOADED}
    load_children(records, entries["Header"], entries["UASC"])
    load_care(records, entries["Episodes"])
    load_missing(records, entries["Missing"])
    load_adoption_placements(records, entries["PlacedAdoption"])
    load_reviews(records, entries["Reviews"], _history_from(authority, year))
    statistics.renew_when_committed()
    _log(report, authority, year, at, by)


def _history_from(authority: Authority, year: int) -> date:
    first = rules.year_starts_on(year)
    if authority.history_from is None or first < authority.history_from:
        authority.history_from = first
        authority.save(update_fields=["history_from"])
    return authority.history_from


def _log(report: Report, authority: Authority, year: int, at: datetime, by: User | None) -> None:
    counts = {name: report.total(name) for name in ("read", "created", "updated", "unchanged", "rejected")}
    loaded, _ = Return.objects.update_or_create(
        authority=authority, year=year, defaults={"loaded_at": at, "loaded_by": by, **counts}
    )
    record_event(verb="return.loaded", subject=loaded, by=by, at=at, authority_id=authority.pk, year=year, **counts)
