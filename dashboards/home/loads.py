"""How many children each IRO holds now, for who allocates them."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet, Sum
from django.urls import reverse

from accounts.models import Holding
from children.models import Allocation, CarePeriod
from dashboards.figures.looked_after import short_break_series, short_breaks_on
from reviews.models import Review
from screens.cells import link
from screens.tables import Column, Table

from .lists import Desk

PERSON = ("user", "user__first_name", "user__last_name", "user__uuid")


@dataclass(frozen=True)
class IroLoad:
    """One IRO's hours, children and overdue reviews."""

    name: str
    url: str
    fte: Decimal
    children: int
    short_breaks: int
    overdue: int

    @property
    def per_fte(self) -> str:
        """Looked-after children for a full week's hours."""
        return f"{self.children / self.fte:.0f}" if self.fte else "none"


def iro_loads(desk: Desk) -> list[IroLoad]:
    """Everybody who holds children or an IRO post, most children first: two queries."""
    hours = _hours(desk)
    counts: dict[Any, Any] = {row["user"]: row for row in _counts(desk)}
    address = reverse("dashboards:caseload")
    loads = [
        IroLoad(
            name=f"{row['user__first_name']} {row['user__last_name']}".strip(),
            url=f"{address}?iro={row['user__uuid']}",
            fte=hours[key]["fte"] if key in hours else Decimal(0),
            children=row.get("children", 0),
            short_breaks=row.get("short_breaks", 0),
            overdue=row.get("overdue", 0),
        )
        for key, row in (hours | counts).items()
    ]
    return sorted(loads, key=lambda load: (-load.children, load.name))


def _hours(desk: Desk) -> dict[Any, Any]:
    held = Holding.objects.live().filter(post__role="IRO", post__authority=desk.viewer.user.authority_id)
    return {row["user"]: row for row in held.values(*PERSON).annotate(fte=Sum("post__fte"))}


def _counts(desk: Desk) -> QuerySet[Any, Any]:
    periods = CarePeriod.objects.open().filter(child=OuterRef("child"))
    series = short_break_series(desk.viewer.user.authority_id).open().filter(child=OuterRef("child"))
    late = Review.objects.owed().filter(child=OuterRef("child"), duty__due_on__lt=desk.today)
    looked_after = periods.filter(~Exists(short_breaks_on(desk.today)))
    in_caseload = Exists(periods) | Exists(series)
    mine = Allocation.objects.live().filter(in_caseload, kind=Allocation.Kind.IRO).visible_to(desk.viewer)
    return mine.values(*PERSON).annotate(
        children=Count("pk", filter=Exists(looked_after)),
        short_breaks=Count("pk", filter=~Exists(looked_after)),
        overdue=Count("pk", filter=Exists(late)),
    )


def loads_table(desk: Desk) -> Table:
    """Each IRO's hours, children and overdue reviews."""
    return Table(
        columns=[
            Column("iro", "IRO", lambda load: link(load.name, load.url), value=lambda load: load.name),
            Column("fte", "FTE", lambda load: f"{load.fte.normalize():f}", is_number=True),
            Column("children", desk.say("{Children_looked_after}"), lambda load: load.children, is_number=True),
            Column("per", "For each full-time IRO", lambda load: load.per_fte, is_number=True),
            Column("short", "Short breaks only", lambda load: load.short_breaks, is_number=True),
            Column("overdue", "With an overdue review", lambda load: load.overdue, is_number=True),
        ],
        caption="Caseloads",
        name="loads",
        empty="Nobody holds an IRO post, and no child has an IRO.",
    )
