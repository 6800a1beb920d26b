"""Finding a child by name or reference among those a person may see."""

from datetime import date
from typing import Any

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet

from accounts.viewers import Viewer
from children.models import CarePeriod, Child
from children.services import folded
from screens.cells import link
from screens.tables import Column, Table

from .figures.columns import address_of, age
from .figures.standing import iro_name

MOST_FOUND = 50  # on a page, unless more are asked for to be printed


def search_children(viewer: Viewer, text: str) -> QuerySet[Child]:
    """Children this person may see whose reference or name matches, by name."""
    words = folded(text)
    if not words.split():
        return Child.objects.none()
    found = (
        Child.objects.visible_to(viewer)
        .matching(words)
        .annotate(
            iro=FilteredRelation("allocations", condition=Q(allocations__kind="IRO", allocations__ends_on=None)),
            is_looked_after=Exists(CarePeriod.objects.open().filter(child=OuterRef("pk"))),
        )
        .annotate(iro_given_name=F("iro__user__first_name"), iro_family_name=F("iro__user__last_name"))
    )
    return found.order_by("sort_name", "pk")


def found_table(today: date) -> Table:
    """Who was found: name, reference, age, whether looked after, IRO."""
    address = address_of("dashboards:child")

    def opened(row: Any) -> object:
        return link(str(row), address(row.uuid))

    return Table(
        columns=[
            Column("child", "Child", opened, value=str),
            Column("reference", "Reference", lambda row: row.reference),
            Column("age", "Age", lambda row: age(row.date_of_birth, today), is_number=True),
            Column("care", "Looked after", lambda row: "Yes" if row.is_looked_after else "Not now"),
            Column("iro", "IRO", iro_name),
        ],
        caption="Children found",
        empty="No child of yours has this name or reference. Check the spelling, or try the reference alone.",
    )
