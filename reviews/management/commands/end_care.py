"""End a child's care by hand, or take its end back, with what that means for the review due next."""

from argparse import ArgumentParser
from typing import Any

from django.utils import timezone

from authorities.management.base import (
    NotDone,
    OperatorCommand,
    add_authority_argument,
    add_day_argument,
    day_asked,
    find_authority,
)
from children.codes import EPISODE_ENDS
from children.models import CarePeriod
from reviews.services import end_care, withdraw_end
from timescales.words import in_words


class Command(OperatorCommand):
    """End the time a child is looked after now, or with --withdraw take back that the last one ended."""

    help = "End a child's care and cancel its next review, or take that back: the same review is open again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which child, when and why."""
        add_authority_argument(parser)
        parser.add_argument("--child", required=True, metavar="REF", help="the child's reference")
        add_day_argument(parser, "the day care ended")
        parser.add_argument("--reason", metavar="CODE", help="SSDA903's code of why, such as E4A")
        parser.add_argument("--withdraw", action="store_true", help="care has not ended after all")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, or say why it cannot be done."""
        at = timezone.now()
        authority = find_authority(options["authority"])
        periods = CarePeriod.objects.filter(child__authority=authority, child__reference=options["child"])
        last = periods.order_by("starts_on").last()
        if last is None:
            raise NotDone(f"{authority} has no child with the reference {options['child']} who was looked after.")
        if options["withdraw"]:
            withdraw_end(care_period=last, at=at)
            self.stdout.write(f"{options['child']} is looked after as before.")
            return
        if options["reason"] not in dict(EPISODE_ENDS):
            raise NotDone(f"Say why care ended: --reason with one of {', '.join(dict(EPISODE_ENDS))}")
        on = day_asked(options["on"], today=timezone.localdate(at))
        end_care(care_period=last, on=on, reason=options["reason"], at=at)
        self.stdout.write(f"The care of {options['child']} ended on {in_words(on)}. Its next review is cancelled.")
