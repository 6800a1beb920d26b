"""Downloads: safe in a spreadsheet, exact in their numbers, silent in their names."""

import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from screens.csv import csv_response, safe_cell


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "＝", "＠"])
def test_text_that_would_run_is_led_by_an_apostrophe(start: str) -> None:
    assert safe_cell(f"{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize(
    "value, cell",
    [
        ("O'Neill", "O'Neill"),
        ("a=b", "a=b"),
        ("", ""),
        (None, ""),
        (-3, -3),
        (-2.5, -2.5),
        (Decimal("-1.20"), Decimal("-1.20")),
        (True, "Yes"),
        (False, "No"),
        (date(2026, 12, 4), "2026-12-04"),
        (datetime(2026, 7, 1, 13, 30, tzinfo=UTC), "2026-07-01 14:30"),
        ("a\x00b", "ab"),
    ],
)
def test_everything_else_stands_as_it_is(value: Any, cell: Any) -> None:
    assert safe_cell(value) == cell


def test_the_file_reads_back() -> None:
    response = csv_response("overdue-reviews.csv", ["Child", "Days late"], [["=cmd", -3], ['a "b", c\nd', None]])
    assert response.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"), newline="")))
    assert rows == [["Child", "Days late"], ["'=cmd", "-3"], ['a "b", c\nd', ""]]
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="overdue-reviews.csv"'
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("name", ["Jo Bloggs.csv", "reviews", "../reviews.csv", 'a".csv', "a.csv\n", "-a.csv", ""])
def test_a_file_name_is_plain_words(name: str) -> None:
    with pytest.raises(ValueError, match="lower-case words"):
        csv_response(name, [], [])
