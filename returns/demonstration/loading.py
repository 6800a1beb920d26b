"""Loading the demonstration authority whole, in one transaction, in place of the one before."""

from collections.abc import Sequence
from datetime import date, datetime
from random import Random

from django.db import models, transaction

from audit.services import record_event
from authorities.models import Authority
from children.services import add_allocations, add_children, lock_care
from duties.clocks import Clock
from returns.statistics import renew_when_committed
from reviews.services import add_reviews, settle_care

from . import children, concerns, history
from .establishment import CODE, Establishment, establish
from .wiping import wipe

SEED = 33  # reg. 33
BATCH = 1000


class NotADemonstration(Exception):
    """An authority of real children stands under the demonstration's code."""


def is_loaded() -> bool:
    """Whether the demonstration authority is there."""
    return Authority.objects.filter(code=CODE, is_demonstration=True).exists()


@transaction.atomic
def load_demonstration(*, on: date, at: datetime) -> Authority:
    """Load the demonstration authority with every date told from `on`, in place of the one there was.

    Raises NotADemonstration, with nothing touched, when a real authority has its code.
    """
    held = Authority.objects.select_for_update(no_key=True).filter(code=CODE).first()
    if held and not held.is_demonstration:
        raise NotADemonstration(f"{held.name} has the code {CODE} and is no demonstration: nothing was loaded.")
    if held:
        wipe(held)
    place = establish(on=on, at=at)
    _fill(place, on)
    renew_when_committed()
    record_event(
        verb="demonstration.loaded", subject=place.authority, by=None, at=at, authority_id=place.authority.pk
    )
    return place.authority


def _fill(place: Establishment, on: date) -> None:
    scene = history.Scene(
        rng=Random(SEED),
        place=place,
        on=on,
        clock=Clock.of(place.authority.pk, on),
    )
    stories = children.stories(scene.rng, place, on)
    add_children(children=[story.child for story in stories])
    _settle(stories, place.authority.pk)
    add_allocations(
        people=[allocation for story in stories for allocation in story.allocations],
        teams=[story.team_allocation for story in stories if story.team_allocation],
    )
    _write([spell for story in stories for spell in story.missing])
    histories = history.tell(scene, stories)
    raised = concerns.raise_all(scene, histories)
    add_reviews(
        reviews=[review for one in histories for review in [*one.held, *filter(None, [one.following])]],
        decisions=[decision for one in histories for decision in one.decisions],
    )
    _write([step.duty for step in raised.steps])
    _write([response.duty for response in raised.responses if response.duty])
    for rows in (raised.escalations, raised.steps, raised.responses, raised.links, raised.left):
        _write(rows)


def _settle(stories: Sequence[children.Story], authority_id: int) -> None:
    care = lock_care(authority_id=authority_id, child_ids=[story.child.pk for story in stories])
    settle_care(care=care, episodes=[(story.child, episode) for story in stories for episode in story.episodes])
    for story in stories:
        story.period = care.periods[story.child.pk][0]


def _write(rows: Sequence[models.Model]) -> None:
    if rows:
        type(rows[0])._default_manager.bulk_create(rows, batch_size=BATCH)
