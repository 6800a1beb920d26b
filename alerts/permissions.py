"""Whose alerts somebody may read, and who may ask for a sweep."""

from accounts.access import Viewer, roles_of
from accounts.roles import overseers

from .models import Alert
from .querysets import AlertQuerySet


def alerts_of(user: Viewer) -> AlertQuerySet:
    """This person's own alerts that still hold, about children they may see, with the duty of each."""
    return Alert.objects.visible_to(user).of(user).with_duty()


def may_sweep(user: Viewer) -> bool:
    """Whether this person oversees the IRO service of their authority."""
    return not overseers().isdisjoint(roles_of(user))
