"""Small returns written for a test, in a folder of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from authorities.models import Authority
from authorities.services import add_authority
from returns.layouts import COLUMNS
from returns.report import Report
from returns.services import load_return
from tests.conftest import LONG_AGO, NOW, TODAY


@dataclass
class Folder:
    """A folder of return files."""

    path: Path

    def write(self, table: str, *lines: str, name: str = "") -> "Folder":
        """Write a file of a table: its heading, and each line as given."""
        text = "\n".join([",".join(COLUMNS[table]), *lines, ""])
        return self.raw(name or f"{table.lower()}.csv", text.encode())

    def raw(self, name: str, content: bytes) -> "Folder":
        """Write these bytes."""
        (self.path / name).write_bytes(content)
        return self


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """An empty folder."""
    return Folder(tmp_path)


@pytest.fixture
def council(db: None) -> Authority:
    """An authority that has read in nothing yet."""
    return add_authority(code="E06999003", name="Northfell Council", on=LONG_AGO)


@pytest.fixture
def load(council: Authority, folder: Folder) -> Callable[..., Report]:
    """Read the folder in as a year's return; 2018 unless told otherwise."""

    def load(year: int = 2018, today: date = TODAY) -> Report:
        return load_return(folder=folder.path, authority=council, year=year, at=NOW, on=today)

    return load


def header(child: str = "C1", born: str = "09/05/2010", sex: str = "2") -> str:
    """A Header row."""
    return f"{child},{sex},{born},WBRI,A123456789012,,"


def episode(
    child: str = "C1",
    starts: str = "05/06/2017",
    ends: str = "",
    *,
    rne: str = "S",
    ls: str = "C2",
    rec: str = "",
) -> str:
    """An Episodes row."""
    return f"{child},{starts},{rne},{ls},N1,U6,PR1,{ends},{rec or ('X1' if ends else '')},,,,"


def review(held: str, code: str = "PN1", child: str = "C1", born: str = "09/05/2010") -> str:
    """A Reviews row."""
    return f"{child},{born},{held},{code}"


def no_review(child: str = "C1", born: str = "09/05/2010") -> str:
    """A Reviews row that says no review was held; without any row nothing would be known of the year's reviews."""
    return f"{child},{born},,"


def counts(report: Report, table: str) -> tuple[int, int, int, int, int]:
    """Read, created, updated, unchanged and rejected of a table."""
    file = next(file for file in report.files if file.table == table)
    return file.read, file.created, file.updated, file.unchanged, file.rejected
