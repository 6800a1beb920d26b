"""Three years of returns: one sent again corrected, and where every child stood, month by month.

Everything is done in a transaction that leaves nothing behind.
"""

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import connection, transaction
from django.utils import timezone

from authorities.models import Authority
from authorities.services import add_authority
from bench.importing import HEADERS, said
from bench.timing import Measure, in_turn, seconds
from duties.kinds import REVIEW
from duties.models import Duty
from returns.services import load_return

CHILDREN = 2675
YEARS = (2016, 2017, 2018)  # to 31 March; the last is the one corrected
CODE = "BENCHYEARS"
CORRECTED = 0.1  # of the children have a review day of the last year corrected
ROUNDS = 3
CORRECTING_GOAL, MONTHS_GOAL = 1.5, 2.0

STOOD = """
    SELECT d.child_id, d.series,
        CASE WHEN d.closed_on <= %(day)s THEN 'CLOSED'
             WHEN d.due_on IS NULL THEN 'NOT_KNOWN'
             WHEN d.met_on <= %(day)s THEN CASE WHEN d.met_on > d.due_on THEN 'MET_LATE' ELSE 'MET' END
             WHEN d.due_on < %(day)s THEN 'OVERDUE'
             WHEN d.due_soon_on <= %(day)s THEN 'DUE_SOON'
             ELSE 'NOT_DUE' END
    FROM duties_duty d
    LEFT JOIN reviews_review r ON r.duty_id = d.id
    LEFT JOIN children_careperiod p ON p.id = r.care_period_id
    WHERE d.authority_id = %(authority)s AND d.kind = 'REVIEW'
        AND (d.runs_from_on <= %(day)s OR d.runs_from_on IS NULL AND p.starts_on <= %(day)s AND NOT EXISTS (
            SELECT FROM duties_duty b WHERE b.child_id = d.child_id AND b.kind = d.kind AND b.series = d.series
                AND b.met_on > %(day)s AND b.met_on < coalesce(d.met_on, d.closed_on, 'infinity')))
"""


@dataclass
class Life:
    """A child looked after from one day on, reviewed on these."""

    reference: str
    born: date
    began: date
    reviewed: list[date] = field(default_factory=list)


def measure() -> Iterator[Measure]:
    """A corrected year against the same year read first; 36 month ends against their SQL by hand."""
    everybody = list(lives(random.Random(903)))
    with TemporaryDirectory() as folder, transaction.atomic():
        authority = add_authority(code=CODE, name="Bench", on=timezone.localdate())
        first, corrected = [read_years(Path(folder), authority, everybody, again) for again in (False, True)]
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        ours, by_hand = month_ends(authority)
        transaction.set_rollback(True)
    title = f"one corrected year of {CHILDREN} children over {len(YEARS)} held, against reading it first"
    yield Measure(title, corrected, first, "s", CORRECTING_GOAL)
    yield Measure("standing of every child on 36 month ends", ours * 1000, by_hand * 1000, "ms", MONTHS_GOAL)


def read_years(folder: Path, authority: Authority, everybody: list[Life], is_correction: bool) -> float:
    """Seconds that the last year took to be read: after the others, or sent again with some days corrected."""
    if is_correction:
        correct(everybody)
    for year in YEARS[-1:] if is_correction else YEARS:
        write_year(folder / f"{year}-{is_correction}", year, everybody)
        taken = seconds(lambda: read_in(folder / f"{year}-{is_correction}", authority, year))  # noqa: B023
    return taken


def read_in(folder: Path, authority: Authority, year: int) -> None:
    """The product's own import."""
    load_return(folder=folder, authority=authority, year=year, at=timezone.now(), on=timezone.localdate())


def month_ends(authority: Authority) -> list[float]:
    """Seconds for every month end of the three years: as `manage.py duties --on` asks, and by hand."""
    days = [date(2015 + month // 12, month % 12 + 1, 1) - timedelta(days=1) for month in range(4, 40)]

    def ours() -> None:
        for day in days:
            rows = Duty.objects.of_authority(authority.pk).of_kind(REVIEW.code).as_of(day)
            list(rows.values_list("child_id", "series", "standing"))  # type: ignore[misc]  # as_of annotates it

    def by_hand() -> None:
        with connection.cursor() as cursor:
            for day in days:
                cursor.execute(STOOD, {"day": day, "authority": authority.pk})
                cursor.fetchall()

    return in_turn(ours, by_hand, rounds=ROUNDS)


def lives(dice: random.Random) -> Iterator[Life]:
    """Children who came into care over the three years and stayed, each reviewed near the days due."""
    first, last = date(YEARS[0] - 1, 4, 1), date(YEARS[-1], 3, 31)
    for number in range(CHILDREN):
        began = first + timedelta(days=dice.randrange((last - first).days - 60))
        life = Life(f"Y{number:05d}", began - timedelta(days=dice.randrange(365, 15 * 365)), began)
        day = began + timedelta(days=dice.randrange(18, 30))
        while day <= last:
            life.reviewed.append(day)
            day += timedelta(days=dice.randrange(75, 185))
        yield life


def correct(everybody: list[Life]) -> None:
    """Move the last review of some of them by a day."""
    for life in everybody[:: round(1 / CORRECTED)]:
        if life.reviewed and life.reviewed[-1] >= date(YEARS[-1] - 1, 4, 2):
            life.reviewed[-1] -= timedelta(days=1)


def write_year(folder: Path, year: int, everybody: list[Life]) -> None:
    """Write one year's return of those looked after in it."""
    folder.mkdir()
    first, last = date(year - 1, 4, 1), date(year, 3, 31)
    tables: dict[str, list[list[str]]] = {name: [] for name in HEADERS}
    for life in everybody:
        if life.began <= last:
            born = said(life.born)
            tables["header"].append([life.reference, "1", born, "WBRI", "UN1", "", ""])
            episode = [life.reference, said(life.began), "S", "C2", "N1", "U6", "PR1", "", "", "", "", "", ""]
            tables["episodes"].append(episode)
            held = [day for day in life.reviewed if first <= day <= last]
            tables["reviews"] += [[life.reference, born, said(day), "PN1"] for day in held]
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", newline="") as file:
            csv.writer(file).writerows([HEADERS[name].split(","), *rows])
