"""A made-up return read in, for each row, against reading the same files and keeping them as text."""

import csv
import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import connection, transaction
from django.utils import timezone

from authorities.services import add_authority
from bench.timing import Measure, seconds
from returns.services import load_return

CHILDREN = 1000
YEAR = 2018
START = date(2017, 4, 1)
CODE = "BENCH"
HEADERS = {
    "header": "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB",
    "episodes": "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN",
    "reviews": "CHILD,DOB,REVIEW,REVIEW_CODE",
}


def measure() -> Iterator[Measure]:
    """Microseconds a row, both rolled back; the first reading, since a second one finds nothing to do."""
    with TemporaryDirectory() as folder:
        rows = write_return(Path(folder))
        ours = rolled_back(lambda: read_in(Path(folder)))
        reference = rolled_back(lambda: keep_as_text(Path(folder)))
    yield Measure("import of a return, each row", ours / rows * 1e6, reference / rows * 1e6, "µs")


def rolled_back(act: Callable[[], None]) -> float:
    """How many seconds the act took, inside a transaction that leaves nothing behind."""
    with transaction.atomic():
        taken = seconds(act)
        transaction.set_rollback(True)
    return taken


def read_in(folder: Path) -> None:
    """The product's own import, into a new authority."""
    today = timezone.localdate()
    authority = add_authority(code=CODE, name="Bench", on=today)
    load_return(folder=folder, authority=authority, year=YEAR, at=timezone.now(), on=today)


def keep_as_text(folder: Path) -> None:
    """The least anybody could do: read each file and insert its cells, unlooked at."""
    with connection.cursor() as cursor:
        for name, header in HEADERS.items():
            columns = header.split(",")
            cursor.execute(f"CREATE TEMP TABLE bench_{name} ({', '.join(f'{one} text' for one in columns)})")
            with (folder / f"{name}.csv").open() as file:
                rows = list(csv.reader(file))[1:]
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO bench_{name} VALUES ({marks})", rows)


def write_return(folder: Path) -> int:
    """Write a return of CHILDREN children in the shape of a real one; the number of rows."""
    dice = random.Random(903)
    tables: dict[str, list[list[str]]] = {name: [] for name in HEADERS}
    for number in range(CHILDREN):
        for name, row in child_rows(f"B{number:05d}", dice):
            tables[name].append(row)
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", newline="") as file:
            csv.writer(file).writerows([HEADERS[name].split(","), *rows])
    return sum(map(len, tables.values()))


def child_rows(child: str, dice: random.Random) -> Iterator[tuple[str, list[str]]]:
    """One child: a header row, two episodes that join, five reviews."""
    born = said(START - timedelta(days=dice.randrange(5 * 365, 15 * 365)))
    began = START + timedelta(days=dice.randrange(60))
    moved = began + timedelta(days=40)
    yield "header", [child, "1", born, "WBRI", "UN1", "", ""]
    yield "episodes", [child, said(began), "S", "C2", "N1", "U6", "PR1", said(moved), "X1", "CARPL", "", "", ""]
    yield "episodes", [child, said(moved), "P", "C2", "N1", "U4", "PR4", "", "", "", "", "", ""]
    for days in (20, 75, 130, 185, 240):
        yield "reviews", [child, born, said(began + timedelta(days=days)), "PN1"]


def said(day: date) -> str:
    """A day as the return writes it."""
    return f"{day:%d/%m/%Y}"
