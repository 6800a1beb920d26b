"""Whether the duties and what holds them agree, asked from the side the database cannot watch."""

from collections.abc import Iterator
from typing import Any

from django.db.models import F

from authorities.management.base import NotDone, OperatorCommand
from duties import kinds
from duties.models import Duty

MOST = 20  # of one fault, shown


class Command(OperatorCommand):
    """Look for duties that nothing holds, that disagree with their review, or whose kind is gone."""

    help = "Check that every duty agrees with what it is about. Changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print each fault with the duties it has; exit status 2 where there is any."""
        faults = {fault: found for fault, found in _faults() if found}
        for fault, found in faults.items():
            self.stdout.write(f"{fault}: {len(found)}")
            for uuid in found[:MOST]:
                self.stdout.write(f"  {uuid}")
        if faults:
            raise NotDone(f"{sum(map(len, faults.values()))} duties need somebody to look at them.")
        self.stdout.write("Every duty agrees with what it is about.")


def _faults() -> Iterator[tuple[str, list[str]]]:
    reviews = Duty.objects.of_kind("REVIEW")
    yield "A review's duty without its review", _uuids(reviews.filter(review__isnull=True))
    yield "A review's duty of another child", _uuids(reviews.exclude(review__child=F("child")))
    yield "A review's duty of another series", _uuids(reviews.exclude(review__cycle=F("series")))
    unlike = reviews.exclude(review__held_on=F("met_on")).exclude(review__held_on=None, met_on=None)
    yield "A review's duty met on another day than its review was held", _uuids(unlike)
    yield "An answer's duty without its rung", _uuids(Duty.objects.of_kind("RESPONSE").filter(step__isnull=True))
    for name in ("review", "step", "decision"):
        held = Duty.objects.filter(**{f"{name}__isnull": False})
        elsewhere = held.exclude(**{f"{name}__authority": F("authority")})
        yield f"A duty of another authority than its {name}", _uuids(elsewhere)
    decisions = Duty.objects.of_kind("DECISION").filter(decision__isnull=True)
    yield "A decision's duty without its decision", _uuids(decisions)
    known = [kind.code for kind in kinds.KINDS]
    yield "Open, of a kind that is no longer in the table", _uuids(Duty.objects.open().exclude(kind__in=known))


def _uuids(rows: Any) -> list[str]:
    return [str(uuid) for uuid in rows.order_by("pk").values_list("uuid", flat=True)]
