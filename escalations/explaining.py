"""What setting a ladder would mean, in sentences: read before it is saved."""

from accounts.models import Holding
from timescales import FORMAL_RESOLUTION
from timescales.words import counted, in_words

from . import rules
from .models import Escalation, Ladder
from .rules import LadderDecided


def what_a_ladder_means(authority_id: int, decided: LadderDecided) -> list[str]:
    """From when it counts, what stays where it is, how long it takes, and which rungs nobody could answer today."""
    return [
        f"What is raised from {in_words(decided.starts_on)} stands on these {counted(len(decided.stages), 'stage')}.",
        *_until_when(authority_id, decided),
        _what_stays(authority_id),
        _how_long(decided),
        *_nobody_there(authority_id, decided),
    ]


def _until_when(authority_id: int, decided: LadderDecided) -> list[str]:
    following = Ladder.objects.of_authority(authority_id).filter(starts_on__gt=decided.starts_on).last()
    if following is None:
        return []
    return [f"From {in_words(following.starts_on)} the ladder already set for that day takes its place."]


def _what_stays(authority_id: int) -> str:
    still = Escalation.objects.open().filter(authority=authority_id).count()
    if not still:
        return "Nothing is open now that would stay on the ladder it began on."
    return f"What is open stays on the ladder it began on: {still} now, and whatever is raised before that day."


def _how_long(decided: LadderDecided) -> str:
    days = rules.formal_days(decided.stages)
    if days > FORMAL_RESOLUTION.amount:
        return (
            f"Warning: the formal stages take {counted(days, 'working day')} together. Guidance is no more than"
            f" {FORMAL_RESOLUTION.amount} ({FORMAL_RESOLUTION.source}). Your reason is kept: {decided.why_longer}"
        )
    return (
        f"The formal stages take {counted(days, 'working day')} of the {FORMAL_RESOLUTION.amount} that guidance has."
    )


def _nobody_there(authority_id: int, decided: LadderDecided) -> list[str]:
    live = Holding.objects.live().filter(post__authority=authority_id, user__is_active=True)
    held = set(live.values_list("post__role", flat=True).distinct())
    return [
        f"Warning: nobody holds a post now that answers at {rung.name} ({rung.role_name})."
        for rung in decided.stages
        if held.isdisjoint(rung.responder_roles)
    ]
