"""Begin a child's care by hand, with the first review that comes of it."""

from argparse import ArgumentParser
from typing import Any

from django.db import transaction
from django.utils import timezone

from authorities.management.base import (
    NotDone,
    OperatorCommand,
    add_authority_argument,
    add_day_argument,
    day_asked,
    find_authority,
)
from authorities.models import Authority
from children.codes import CATEGORIES_OF_NEED, LEGAL_STATUSES, PLACEMENTS
from children.models import Child
from children.services import add_child
from reviews.models import Review
from reviews.services import start_care
from timescales.words import in_words


class Command(OperatorCommand):
    """Begin a time looked after; a child whose reference is new is added with it."""

    help = "Begin a child's care: the care period, its first episode and its first review."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which child, from when, and in SSDA903's codes under what."""
        add_authority_argument(parser)
        parser.add_argument("--child", required=True, metavar="REF", help="the child's reference")
        add_day_argument(parser, "the day care began")
        parser.add_argument("--legal-status", required=True, metavar="CODE", help="such as C2")
        parser.add_argument("--need", required=True, metavar="CODE", help="category of need, such as N1")
        parser.add_argument("--placement", default="", metavar="CODE", help="placement type, such as U4")
        parser.add_argument("--born", metavar="DATE", help="date of birth, where the reference is new")
        parser.add_argument("--sex", metavar="F|M", help="where the reference is new")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Add the child where it is new, begin its care, and say by when its first review is due."""
        at = timezone.now()
        today = timezone.localdate(at)
        authority = find_authority(options["authority"])
        child = Child.objects.filter(authority=authority, reference=options["child"]).first()
        child = child or add_child(child=_newcomer(authority, options), at=at)
        on = day_asked(options["on"], today=today)
        if on > today:
            raise NotDone(f"{in_words(on)} has not come yet. Give a day up to today.")
        period = start_care(child=child, on=on, at=at, **_episode(options))
        first = Review.objects.open().select_related("duty").get(care_period=period).duty
        assert first.due_on is not None  # it runs from the day care began
        self.stdout.write(f"{child.reference} is looked after since {in_words(on)}.")
        self.stdout.write(f"The first review is due by {in_words(first.due_on)}.")


def _newcomer(authority: Authority, options: dict[str, Any]) -> Child:
    """The child as it will be added. Raises NotDone without a date of birth or a sex."""
    if options["born"] is None or options["sex"] not in Child.Sex.values:
        unknown = f"{authority} has no child with the reference {options['child']}."
        raise NotDone(f"{unknown} To add it give --born DATE and --sex F or M.")
    born = day_asked(options["born"], today=timezone.localdate())
    return Child(authority=authority, reference=options["child"], date_of_birth=born, sex=options["sex"])


def _episode(options: dict[str, Any]) -> dict[str, Any]:
    """The first episode, its codes known to SSDA903. Raises NotDone otherwise."""
    placement = options["placement"]
    return {
        "legal_status": _one_of(options["legal_status"], LEGAL_STATUSES, "legal status"),
        "category_of_need": _one_of(options["need"], CATEGORIES_OF_NEED, "category of need"),
        "placement_type": placement and _one_of(placement, PLACEMENTS, "placement type"),
    }


def _one_of(code: str, known: list[tuple[str, str]], what: str) -> str:
    if code not in dict(known):
        raise NotDone(f"{code} is no {what} of SSDA903. Give one of: {', '.join(dict(known))}")
    return code
