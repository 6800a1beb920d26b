"""What is owed about the children of an authority, for operators and machines."""

from argparse import ArgumentParser
from typing import Any

from django.utils import timezone

from authorities.management.base import (
    NotDone,
    OperatorCommand,
    add_authority_argument,
    add_day_argument,
    add_format_argument,
    day_asked,
    find_authority,
)
from children.models import Child
from duties import kinds
from duties.models import Duty
from duties.querysets import DutyQuerySet
from duties.serializers import DutySerializer, as_shown


class Command(OperatorCommand):
    """List every duty with its dates and where it stands."""

    help = "List what is owed about an authority's children, by when, and where each duty stands."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which authority, and what to narrow it to."""
        add_authority_argument(parser)
        parser.add_argument("--child", metavar="REF", help="only of the child with this reference")
        parser.add_argument("--kind", help="only of one kind, such as REVIEW")
        add_day_argument(parser, "where each stood or will stand on this day")
        add_format_argument(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Print them, those due first first."""
        today = timezone.localdate()
        on = day_asked(options["on"], today=today)
        found = DutySerializer(as_shown(_asked(options), on).by_due(), many=True).data
        if options["format"] == "json":
            self.print_json({"duties": found})
            return
        for row in found:
            self.stdout.write(f"{row['child']}  {row['kind']}  {row['due_on'] or 'not known'}  {row['standing']}")
        self.stdout.write(f"{len(found)} duties")


def _asked(options: dict[str, Any]) -> DutyQuerySet:
    authority = find_authority(options["authority"])
    rows = Duty.objects.filter(authority=authority)
    if options["kind"] is not None:
        if kinds.find(options["kind"]) is None:
            known = ", ".join(kind.code for kind in kinds.KINDS)
            raise NotDone(f"There is no kind {options['kind']}. The kinds are: {known}")
        rows = rows.of_kind(options["kind"])
    if options["child"] is not None:
        if not Child.objects.filter(authority=authority, reference=options["child"]).exists():
            raise NotDone(f"{authority} has no child with the reference {options['child']}.")
        rows = rows.filter(child__reference=options["child"])
    return rows
