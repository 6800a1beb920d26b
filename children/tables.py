"""The lists on a child's People and Care pages."""

from collections.abc import Iterator

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from accounts.access import Reason
from accounts.models import User
from accounts.roles import ChildPermission
from screens.cells import day
from screens.tables import Column, Table, day_column

from .models import CarePeriod, Episode
from .words import meaning

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
    columns=[Column("team", "Team", lambda row: row.team.name_on(row.ends_on)), *_SINCE_AND_UNTIL],
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


def _code_column(field: str, header: str) -> Column:
    return Column(field, header, lambda row: meaning(field, getattr(row, field)))


def _placement(episode: Episode) -> list[str]:
    codes = ("placement_type", episode.placement_type), ("placement_provider", episode.placement_provider)
    return [meaning(field, code) for field, code in codes if code]


def episodes_table(period: CarePeriod, *, with_need: bool, with_postcode: bool) -> Table:
    """The episodes of one time in care, named by the day it began; postcodes only for those who need them."""
    until = f"{day(period.ends_on)}: {meaning('reason_ended', period.reason_ended)}" if period.ends_on else "now"
    columns = [
        *_SINCE_AND_UNTIL,
        _code_column("legal_status", "Legal status"),
        Column(
            "placement",
            "Placement",
            lambda row: format_html_join(SafeString("<br>"), "{}", ((words,) for words in _placement(row))),
            value=lambda row: "; ".join(_placement(row)),
        ),
        _code_column("reason_started", "Why it began"),
    ]
    if with_need:
        columns.append(_code_column("category_of_need", "Need"))
    if with_postcode:
        columns.append(Column("postcode", "Placement postcode", lambda row: row.placement_postcode))
    name = f"care-{period.starts_on:%Y-%m-%d}"
    return Table(columns, f"{day(period.starts_on)} to {until}", "No placement has been recorded.", name=name)
