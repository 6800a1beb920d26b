"""Whose alerts somebody may read: their own, about children they may see."""

from accounts.access import Viewer

from .models import Alert
from .querysets import AlertQuerySet


def alerts_of(user: Viewer) -> AlertQuerySet:
    """This person's alerts that still hold, with what each is about."""
    return Alert.objects.of(user).with_subjects()
