"""The first line of the figures, in words."""

from collections.abc import Iterable

from dashboards.rules import share

from .base import EVERY, Reading
from .scope import Scope


def opening(scope: Scope, readings: Iterable[Reading]) -> str:
    """ "96 of 104 reviews in time this quarter (92.3%), 8 late; 5 of the 8 in one team; 4 past their date." """
    by_slug = {reading.figure.slug: reading for reading in readings}
    in_time, late = by_slug["reviews-in-time"], by_slug["days-late"]
    said = [
        _in_time(scope, in_time),
        late.words.note,
        _overdue(scope, by_slug["overdue-reviews"]),
        _number(
            by_slug["open-escalations"].of("past-date"),
            scope.say("{escalation} is past its answer date"),
            scope.say("{escalations} are past their answer date"),
        ),
    ]
    return "; ".join(part for part in said if part) + "."


def _in_time(scope: Scope, reading: Reading) -> str:
    held, late = reading.denominator, reading.of("late")
    if not held:
        return f"No review with a due date was held {scope.period.name}"
    said = f"{reading.numerator} of {held} reviews in time {scope.period.name} ({share(reading.numerator, held)})"
    return f"{said}, {late} late" if late else said


def _overdue(scope: Scope, reading: Reading) -> str:
    if scope.is_after_what_is_known:
        return f"returns are read to {scope.known_in_words}, so it is not known which reviews are overdue"
    return _number(reading.of(EVERY), "review is overdue", "reviews are overdue")


def _number(number: int, one: str, many: str) -> str:
    return f"{number or 'no'} {one if number == 1 else many}"
