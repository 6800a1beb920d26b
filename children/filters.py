"""What the children of the API are listed by. The caseload is another list, and has filters of its own."""

from screens.filters import ChoiceFilter, FilterSet

from .querysets import ChildQuerySet


class ChildFilter(FilterSet):
    """Children by whether they are looked after."""

    looked_after = ChoiceFilter(
        choices=[("now", "With an open care period"), ("ended", "Without one")],
        method="by_care",
        label="Looked after",
    )

    def by_care(self, rows: ChildQuerySet, name: str, value: str) -> ChildQuerySet:
        """Looked after now, or no longer."""
        return rows.looked_after() if value == "now" else rows.exclude(pk__in=rows.looked_after().values("pk"))
