"""Lists as CSV that a spreadsheet opens as text, not as formulas."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.utils import timezone

# A spreadsheet takes a cell that begins like this for a formula, and runs it.
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BYTE_ORDER_MARK = "\ufeff"  # without it Excel reads the file as Windows-1252
FILENAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\.csv")


def csv_response(filename: str, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> HttpResponse:
    """A CSV download; numbers stay numbers, days are yyyy-mm-dd, moments local time, None is empty.

    The rows are read here, not while sending, so that they are read in the view's transaction and the access
    event written beside them tells the truth. ValueError for a file name other than lower-case words with
    hyphens: a download's name lands in folders and e-mails, so it carries no person's name.
    """
    if not FILENAME.fullmatch(filename):
        raise ValueError(f"a download is named in lower-case words with hyphens and .csv, not {filename!r}")
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([safe_cell(name) for name in header])
    writer.writerows([safe_cell(value) for value in row] for row in rows)
    response = HttpResponse(BYTE_ORDER_MARK + text.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    response["Cache-Control"] = "no-store"
    return response


def safe_cell(value: Any) -> str | int | float | Decimal:
    """The value as it stands in the file; text that a spreadsheet would run is led by an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, (int, float, Decimal)):
        return value
    if isinstance(value, datetime):
        return f"{timezone.localtime(value) if timezone.is_aware(value) else value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    text = str(value).replace("\x00", "")
    return f"'{text}" if text.lstrip(" ").startswith(RISKY) else text
