"""Setting an authority's ladder."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from accounts.roles import RESPONDERS
from authorities.models import Authority
from escalations import rules
from escalations.models import Ladder, Stage
from escalations.rules import Rung
from timescales.refusals import Refused


@transaction.atomic
def set_ladder(
    *, authority: Authority, starts_on: date, stages: Sequence[Rung], name: str = "Local resolution"
) -> Ladder:
    """Give the authority this ladder from a day on; concerns already open stay on the one they began on.

    Raises Refused when the rungs are out of order, when the formal ones together exceed 20 working days
    (IRO Handbook, para. 6.2), or when another ladder begins the same day.
    """
    rungs = [Rung(*stage) for stage in stages]
    rules.check_ladder(rungs, frozenset(code for code, _ in RESPONDERS))
    if Ladder.objects.filter(authority=authority, starts_on=starts_on).exists():
        raise Refused(f"Another ladder begins on {rules.day(starts_on)}: choose another day.", "starts_on")
    ladder = Ladder.objects.create(authority=authority, starts_on=starts_on, name=name)
    Stage.objects.bulk_create(
        Stage(ladder=ladder, position=position, **rung._asdict()) for position, rung in enumerate(rungs)
    )
    return ladder
