"""What alerts say in a mail and to an administrator: how many of what. Never a child, a name or a reference."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from accounts.roles import called
from duties import kinds
from duties.kinds import OWNER, Notice, When

from .models import Alert


def counted(alerts: Iterable[Alert]) -> list[str]:
    """ "2 reviews are overdue", one line a notice, the latest first; then what the table of kinds has no more."""
    counts = Counter((alert.duty.kind, alert.standing, alert.label) for alert in alerts)
    known = [(kind, notice) for when in reversed(When) for kind in kinds.KINDS if (notice := kind.notice(when))]
    told = [(notice, counts.pop((kind.code, str(notice.when), notice.label), 0)) for kind, notice in known]
    gone = [f"{often} {label}" for (_, _, label), often in counts.items()]
    return [*(count_of(notice, often) for notice, often in told if often), *gone]


def count_of(notice: Notice, often: int) -> str:
    """ "1 review is overdue"."""
    return f"{often} {notice.one if often == 1 else notice.many}"


def unreached(counts: Iterable[Mapping[str, Any]]) -> list[str]:
    """What nobody can be told of, from `AlertQuerySet.unreached`: a sentence each, with the roles nobody fills."""
    return [
        f"{count_of(notice, row['often'])}, and nobody can be told:"
        f" {_nobody(kind, notice, row['owed_by_roles'])} in post."
        for row in counts
        if (kind := kinds.find(row["kind"])) and (notice := kind.notice(row["standing"]))
    ]


def _nobody(kind: kinds.Kind, notice: Notice, owed_by_roles: Sequence[str]) -> str:
    """ "no IRO and no IRO manager": of all who would be told, each role once."""
    told = [role for one in notice.tells for role in (owed_by_roles if one == OWNER else [one])]
    return " and ".join(f"no {called(role)}" for role in dict.fromkeys([*told, *kind.otherwise]))
