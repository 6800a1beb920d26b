"""The figures as operators and other systems are given them: numbers, definition, and the rows of the numerator."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from uuid import UUID

from dashboards.rules import percentage
from timescales.refusals import Refused

from .base import EVERY, Figure, Part, Reading
from .scope import Scope

Number = float | None


@dataclass(frozen=True)
class Row:
    """A row counted: its child, by reference or uuid as was asked, and the duty behind it, if one is."""

    child: str | UUID
    duty: UUID | None
    child_id: int


@dataclass(frozen=True)
class Answer:
    """One figure of a scope. `value` is None where there is nothing to divide by; `rows` where no list is given."""

    id: str
    title: str
    value: Number
    numerator: int
    denominator: Number
    definition: str
    rows: list[Row] | None = None


def answers(
    scope: Scope, figures: Iterable[Figure], *, child: str, has_lists: bool = True, wanted: str | None = None
) -> list[Answer]:
    """Every figure about children, and after it those of its parts that are figures of their own.

    `child` is the column that names a child: "child__reference" or "child__uuid". `wanted` is the id of the one
    figure asked for. Raises Refused where none has it.
    """
    by_id = {_id_of(figure): figure for figure in figures if figure.is_about_children}
    readings = [figure.read(scope) for key, figure in by_id.items() if wanted is None or wanted.startswith(key)]
    found = [
        replace(answer, rows=_rows(scope, reading.figure, part, child) if has_lists else None)
        for reading in readings
        for part, answer in _numbers(scope, reading)
        if wanted in (None, answer.id)
    ]
    if wanted is not None and not found:
        raise Refused(
            f"There is no figure {wanted}. There are {', '.join(by_id)}, and parts such as F2-RED.", "figure"
        )
    return found


def _id_of(figure: Figure) -> str:
    return figure.code or figure.slug.upper()


def _numbers(scope: Scope, reading: Reading) -> Iterator[tuple[Part, Answer]]:
    """The figure, then its parts that are figures, each with the part that is its numerator."""
    figure, by_slug = reading.figure, {part.slug: part for part in reading.parts}
    value, denominator = _whole_value(scope, reading)
    whole = Answer(_id_of(figure), figure.title, value, reading.numerator, denominator, figure.definition)
    yield by_slug[figure.numerator], whole
    for part in reading.parts:
        if part.code:
            number, every = part.count or 0, by_slug[part.of]
            out_of = every.count or 0
            definition = f"{part.label}, out of “{every.label}”. {figure.definition}"
            yield part, Answer(part.code, part.label, percentage(number, out_of), number, out_of, definition)


def _whole_value(scope: Scope, reading: Reading) -> tuple[Number, Number]:
    """Value and denominator of the figure itself: so many for each, a share, or a count."""
    figure, number = reading.figure, reading.numerator
    if figure.is_of_what_is_known and scope.is_after_what_is_known:
        return None, reading.denominator
    if figure.per:
        divisor = figure.per(scope)
        return (float(f"{number / divisor:.1f}") if divisor else None), float(divisor)
    if figure.numerator != EVERY:
        return percentage(number, reading.denominator), reading.denominator
    if figure.is_of_itself:
        return number or None, number
    return number, None


def _rows(scope: Scope, figure: Figure, part: Part, child: str) -> list[Row]:
    rows = figure.rows_of(scope, part).annotate(duty_uuid=figure.duty(scope))
    return [Row(*row) for row in rows.order_by(child, "pk").values_list(child, "duty_uuid", "child_id")]
