"""What an authority has decided from a day on."""

from datetime import datetime
from typing import Any

from audit.services import record_event
from timescales.refusals import Conflict, Refused
from timescales.words import in_words

from .. import rules
from ..models import Authority, Policy


def add_policy(
    *, authority: Authority, decided: rules.PolicyDecided, seen: int | None, by: Any, at: datetime
) -> Policy:
    """Keep what an authority has decided from a day on, in the caller's transaction; nothing is dated by this alone.

    `seen` is the key of the newest policy when the person decided. Raises Conflict where somebody decided since, and
    Refused where another begins the same day.
    """
    locked = Authority.objects.select_for_update(no_key=True).get(pk=authority.pk)
    newest = Policy.objects.newest(locked.pk)
    if newest is not None and newest.pk != seen:
        who = newest.decided_by or "Somebody"
        raise Conflict(f"{who} has changed this from {in_words(newest.starts_on)} since you opened this page.")
    if Policy.objects.filter(authority=locked, starts_on=decided.starts_on).exists():
        raise Refused(f"Something else begins on {in_words(decided.starts_on)}: choose another day.", "starts_on")
    policy = Policy.objects.create(decided_by=by, decided_at=at, **columns_of(locked, decided))
    record_event(
        verb="policy.decided",
        subject=policy,
        by=by,
        at=at,
        authority_id=locked.pk,
        starts_on=decided.starts_on.isoformat(),
    )
    return policy


def columns_of(authority: Authority, decided: rules.PolicyDecided) -> dict[str, Any]:
    """The columns of a policy that says this."""
    return {
        "authority": authority,
        "starts_on": decided.starts_on,
        "is_rag_linked_to_ladder": decided.is_rag_linked_to_ladder,
        "words": dict(decided.words),
        "why": decided.why,
        **decided.margins,
    }
