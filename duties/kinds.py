"""What may be owed about a child, in one table: adding a clock is one row and its words.

A row says who owes it, by which rules it is dated, how long before the date people are told, whom, and who is told
where nobody else can be. Days are working days. A number that names a policy's column is what the authority starts
from; its own policy may change it from a day on. Nothing here may lengthen what the law sets: that is `timescales`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from accounts.roles import ChildPermission, overseers
from timescales import (
    ACTION_PROMISED,
    DECISION_AGREED,
    FIND_LAST,
    NEXT_RULES,
    REVIEW_RULES,
    STAGE_ANSWER,
    Rule,
    Unit,
)

# Who is told: whoever owes the duty, or the holders of a role that reaches the child.
OWNER = "OWNER"
OVERSEERS = tuple(sorted(overseers()))


class When(StrEnum):
    """When people are told of a duty."""

    TO_ARRANGE = "TO_ARRANGE"  # it should have been planned by now, and is not late
    DUE_SOON = "DUE_SOON"
    PLANNED_LATE = "PLANNED_LATE"  # planned for a day after its due date, while that can still be mended
    OVERDUE = "OVERDUE"


@dataclass(frozen=True)
class Notice:
    """Who is told when: its code as machines know it, a label, and how a mail counts one and several of it."""

    code: str
    when: When
    tells: tuple[str, ...]  # OWNER, or codes of roles
    label: str
    one: str
    many: str
    is_gathered: bool = False  # goes in the one mail of the morning, never by itself


@dataclass(frozen=True)
class Margin:
    """So many working days, or what the authority's policy says in the column of this name."""

    days: int
    policy: str = ""

    def under(self, policy: Mapping[str, int]) -> "Margin":
        """The days in force under a policy."""
        return replace(self, days=policy.get(self.policy, self.days))


NONE = Margin(0)


@dataclass(frozen=True)
class Margins:
    """How long before its date a duty is best done, due soon, and to be planned by.

    `plan_after` counts from the day the duty begins to run instead, for limits too short to count back.
    """

    act_before: Margin = NONE
    due_soon: Margin = NONE
    plan_before: Margin | None = None
    plan_after: Margin | None = None

    def under(self, policy: Mapping[str, int]) -> "Margins":
        """The margins in force under a policy's columns."""
        return Margins(
            self.act_before.under(policy),
            self.due_soon.under(policy),
            self.plan_before.under(policy) if self.plan_before else None,
            self.plan_after.under(policy) if self.plan_after else None,
        )


@dataclass(frozen=True)
class Kind:
    """One kind of duty.

    `owed_by_roles` says who owes it unless each duty names its own owner. `page` is the named address it is worked
    on, with `Duty.about` in it; `plan_page` where it is planned. `permission` is what a reader needs to know of it.
    """

    code: str
    words: str  # inside a sentence: "review"
    rules: tuple[Rule, ...]
    page: str
    margins: Mapping[Unit, Margins]
    notices: tuple[Notice, ...] = ()
    owed_by_roles: tuple[str, ...] = ()
    otherwise: tuple[str, ...] = OVERSEERS  # told where a notice finds nobody
    permission: ChildPermission = ChildPermission.READ_RECORD
    plan_page: str = ""
    met: str = "done"  # what is said of it when it was met: a review is held, an answer given
    next_rules: Mapping[str, Rule] = field(default_factory=dict)  # the rule met → the rule that follows

    def rule(self, code: str) -> Rule | None:
        """The rule of this kind with this code; None where there is none, as for NOT_KNOWN."""
        return next((rule for rule in self.rules if rule.code == code), None)

    def notice(self, when: str) -> Notice | None:
        """Who is told then, if anybody."""
        return next((notice for notice in self.notices if notice.when == when), None)


BUFFER = Margin(3, "booking_buffer_days")

REVIEW = Kind(
    code="REVIEW",
    words="review",
    rules=REVIEW_RULES,
    page="reviews:review",
    plan_page="reviews:book",
    met="held",
    permission=ChildPermission.VIEW,
    owed_by_roles=("IRO",),
    margins={
        Unit.WORKING_DAYS: Margins(
            act_before=BUFFER,
            due_soon=Margin(5, "first_due_soon_days"),
            plan_after=Margin(5, "first_unbooked_after_days"),
        ),
        Unit.CALENDAR_MONTHS: Margins(
            act_before=BUFFER,
            due_soon=Margin(15, "later_due_soon_days"),
            plan_before=Margin(20, "later_unbooked_before_days"),
        ),
        Unit.CALENDAR_DAYS: Margins(
            act_before=BUFFER,
            due_soon=Margin(5, "first_due_soon_days"),
            plan_after=Margin(5, "first_unbooked_after_days"),
        ),
    },
    notices=(
        Notice(
            "REVIEW_OVERDUE", When.OVERDUE, (OWNER, *OVERSEERS),
            "review overdue", "review is overdue", "reviews are overdue",
        ),
        Notice(
            "REVIEW_BOOKED_TOO_LATE", When.PLANNED_LATE, (OWNER,),
            "review booked too late", "review is booked too late", "reviews are booked too late",
        ),
        Notice(
            "REVIEW_DUE_SOON", When.DUE_SOON, (OWNER,),
            "review due soon", "review is due soon", "reviews are due soon",
        ),
        Notice(
            "REVIEW_UNBOOKED", When.TO_ARRANGE, (OWNER,),
            "review not booked", "review has no date booked", "reviews have no date booked",
        ),
    ),
    next_rules=NEXT_RULES,
)  # fmt: skip

RESPONSE = Kind(
    code="RESPONSE",
    words="answer",
    met="given",
    rules=(STAGE_ANSWER,),
    page="escalations:escalation",
    margins={Unit.WORKING_DAYS: Margins(due_soon=Margin(2, "response_due_soon_days"))},
    notices=(
        Notice(
            "RESPONSE_OVERDUE", When.OVERDUE, (OWNER, "IRO"),
            "response overdue", "response is overdue", "responses are overdue",
        ),
        Notice(
            "RESPONSE_DUE", When.DUE_SOON, (OWNER,),
            "response due", "response is due soon", "responses are due soon",
        ),
    ),
)  # fmt: skip

DECISION = Kind(
    code="DECISION",
    words="decision",
    rules=(DECISION_AGREED,),
    page="reviews:decision",
    margins={Unit.CALENDAR_DAYS: Margins(due_soon=Margin(5))},
    # An IRO has some hundred and fifty of them: told where nobody else can be, and for the rest there is the list.
    otherwise=("TEAM_MANAGER", "IRO"),
    notices=(
        Notice(
            "DECISION_OVERDUE", When.OVERDUE, (OWNER,),
            "decision past its date", "decision is past its date", "decisions are past their date", is_gathered=True,
        ),
        Notice(
            "DECISION_DUE_SOON", When.DUE_SOON, (OWNER,),
            "decision due soon", "decision is due soon", "decisions are due soon", is_gathered=True,
        ),
    ),
)  # fmt: skip

FIND_LAST_REVIEW = Kind(
    code="FIND_LAST_REVIEW",
    words="search for the last review",
    rules=(FIND_LAST,),
    page="reviews:find_last",
    permission=ChildPermission.VIEW,
    owed_by_roles=("IRO",),
    margins={Unit.WORKING_DAYS: Margins(due_soon=Margin(2))},
    notices=(
        Notice(
            "LAST_REVIEW_NOT_FOUND", When.OVERDUE, (OWNER,),
            "last review still to be found", "last review is still to be found", "last reviews are still to be found",
        ),
    ),
)  # fmt: skip

PROMISE = Kind(
    code="PROMISE",
    words="promise",
    met="kept",
    rules=(ACTION_PROMISED,),
    page="escalations:escalation",
    margins={Unit.CALENDAR_DAYS: Margins(due_soon=Margin(2))},
    otherwise=("IRO", *OVERSEERS),
    notices=(
        Notice(
            "PROMISE_OVERDUE", When.OVERDUE, (OWNER, "IRO"),
            "promise past its date", "promise is past its date", "promises are past their date",
        ),
        Notice(
            "PROMISE_DUE", When.DUE_SOON, (OWNER,),
            "promise due soon", "promise is due soon", "promises are due soon",
        ),
    ),
)  # fmt: skip

KINDS = (REVIEW, RESPONSE, DECISION, PROMISE, FIND_LAST_REVIEW)


def find(code: str) -> Kind | None:
    """The kind with this code; None where the table has it no more."""
    return next((kind for kind in KINDS if kind.code == code), None)


def notice(kind: str, when: str) -> Notice | None:
    """The notice of a kind, by both their codes; None where the table has it no more."""
    found = find(kind)
    return found.notice(when) if found else None


def kinds_with(permission: ChildPermission) -> list[str]:
    """Codes of the kinds a reader with this permission may know of."""
    return [kind.code for kind in KINDS if kind.permission is permission]
