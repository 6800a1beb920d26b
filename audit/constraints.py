"""Conditions that the tables of several rooms are held to. They stand here since every room may look down here."""

from django.db.models import Q


def pair(at: str, by: str) -> Q:
    """Either both the moment and the person are there, or neither."""
    return Q(**{f"{at}__isnull": True, f"{by}__isnull": True}) | Q(**{f"{at}__isnull": False, f"{by}__isnull": False})
