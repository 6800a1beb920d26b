"""The figures of an authority, for operators and machines."""

from argparse import ArgumentParser
from typing import Any

from django.utils import timezone

from authorities.management.base import (
    OperatorCommand,
    add_authority_argument,
    add_format_argument,
    find_authority,
)
from authorities.models import Authority
from authorities.words import words_of
from dashboards.days import working_calendar
from dashboards.figures import FIGURES, Scope, known_to
from dashboards.figures.answers import Answer, answers
from dashboards.rules import period_asked


class Command(OperatorCommand):
    """Print every figure with its numerator, denominator and definition; in JSON with the rows counted too."""

    help = "Print an authority's figures for a year or from one day to another; counts on a day are of the last."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which authority, and for when."""
        add_authority_argument(parser)
        parser.add_argument("--year", metavar="YEAR", help="from April to March, such as 2017-18")
        parser.add_argument("--from", metavar="DATE", dest="first", help="or the first day, such as 2026-07-01")
        parser.add_argument("--to", metavar="DATE", dest="last", help="and the last day, today or earlier")
        parser.add_argument("--figure", metavar="ID", help="only this figure, such as C3 or F2-RED")
        add_format_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Count the whole authority; a year, a day or a figure that cannot be is refused."""
        today = timezone.localdate()
        period = period_asked(year=options["year"], first=options["first"], last=options["last"], today=today)
        authority = Authority.objects.with_words(find_authority(options["authority"]).pk, today)
        words = words_of(authority.words or {})
        scope = Scope(authority.pk, period, today, working_calendar(), words, known_to=known_to(authority))
        found = answers(scope, FIGURES, child="child__reference", wanted=options["figure"])
        if options["format"] == "json":
            self.print_json({"figures": [_as_json(answer) for answer in found]})
            return
        for answer in found:
            self.stdout.write(_as_line(answer))


def _as_json(answer: Answer) -> dict[str, Any]:
    rows = [{"child": row.child, "duty": str(row.duty) if row.duty else None} for row in answer.rows or []]
    return {**vars(answer), "rows": rows}


def _as_line(answer: Answer) -> str:
    value = "none" if answer.value is None else answer.value
    out_of = "" if answer.denominator is None else f" ({answer.numerator} of {answer.denominator})"
    return f"{answer.id}  {answer.title}  {value}{out_of}"
