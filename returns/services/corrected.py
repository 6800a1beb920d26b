"""Episodes a return gives, read through what was corrected here, which no return overwrites."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from django.utils.timezone import localdate

from children.rules import Corrected, EpisodeGiven, correction_of

from ..checking import Bad


def as_corrected(
    given: EpisodeGiven, corrected: Sequence[Corrected], given_days: Collection[date], columns: dict[str, str]
) -> tuple[EpisodeGiven, list[Bad]]:
    """The episode as it stands, and each cell in which the return says otherwise, for a person to decide.

    `given_days` are the first days the return gives of the child: where it gives the corrected one as well, the old
    one is an episode of its own. `columns` names the return's column of each field.
    """
    one = correction_of(given.starts_on, corrected)
    if one is None or (one.starts_on != given.starts_on and one.starts_on in given_days):
        return given, []
    stands, told = one.takes_up(given)
    return stands, [Bad(columns[name], _shown(value), _words(one, name)) for name, value in told.items()]


def _shown(value: Any) -> str:
    return f"{value:%d/%m/%Y}" if isinstance(value, date) else str(value or "")


def _words(one: Corrected, name: str) -> str:
    stands, by = _shown(one.values[name]) or "nothing", one.by
    return (
        f"It was corrected here to {stands} by {by.corrected_by} on {localdate(by.corrected_at):%d/%m/%Y}, and stands"
        f" so: {by.reason} A person has to say which is right. The rest of the row was taken."
    )
