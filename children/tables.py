"""The lists on a child's People page."""

from collections.abc import Iterator

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from accounts.access import Reason
from accounts.models import User
from accounts.roles import ChildPermission
from screens.tables import Column, Table, day_column

Opened = tuple[User, list[Reason]]  # somebody to whom the record is open, with the facts that open it

_SINCE_AND_UNTIL = (
    day_column("from", "From", lambda row: row.starts_on),
    day_column("to", "To", lambda row: row.ends_on, otherwise="now"),
)
ALLOCATIONS = Table(
    columns=[
        Column("name", "Name", lambda row: str(row.user)),
        Column("as", "As", lambda row: row.get_kind_display()),
        *_SINCE_AND_UNTIL,
    ],
    caption="People",
    empty="Nobody has been allocated.",
    name="people",
)
TEAMS = Table(
    columns=[Column("team", "Team", lambda row: str(row.team)), *_SINCE_AND_UNTIL],
    caption="Teams",
    empty="No team has been recorded.",
    name="teams",
)


def _reasons(opened: Opened) -> Iterator[str]:
    for reason in opened[1]:
        is_whole = ChildPermission.READ_RECORD in reason.permissions
        yield reason.sentence if is_whole else f"{reason.sentence} (names and dates only)"


def _reasons_cell(opened: Opened) -> SafeString:
    return format_html_join(SafeString("<br>"), "{}", ((sentence,) for sentence in _reasons(opened)))


READERS = Table(
    columns=[
        Column("name", "Name", lambda opened: str(opened[0])),
        Column("why", "Why", _reasons_cell, value=lambda opened: "; ".join(_reasons(opened))),
    ],
    caption="Who can see this child, and why",
    empty="Nobody.",
    name="readers",
)
