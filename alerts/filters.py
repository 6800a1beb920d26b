"""What a person's alerts are listed by, on their page and in the API."""

from screens.filters import ChoiceFilter, FilterSet

from . import sql
from .querysets import AlertQuerySet


def notices() -> list[tuple[str, str]]:
    """Code and words of every notice in the table of kinds."""
    return [(notice.code, notice.label.capitalize()) for _, notice in sql.notices()]


class AlertFilter(FilterSet):
    """Alerts by what has happened."""

    kind = ChoiceFilter(choices=notices, method="of_kind", label="What has happened")

    def of_kind(self, rows: AlertQuerySet, name: str, value: str) -> AlertQuerySet:
        """Those of one notice."""
        return rows.coded(value)
