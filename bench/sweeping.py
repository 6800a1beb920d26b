"""The sweep over the demonstration authority against the statements a person would write by hand."""

from collections.abc import Iterator

from django.db import connection, transaction
from django.utils import timezone

from alerts.services import sweep
from authorities.models import Authority
from bench.timing import Measure, in_turn

ROUNDS = 30
GOAL = 2.0
IRO = "JOIN children_allocation a ON a.child_id = d.child_id AND a.kind = 'IRO' AND a.ends_on IS NULL"
OPEN = "d.authority_id = %(authority)s AND d.met_on IS NULL AND d.closed_on IS NULL"
RAISE = """
    INSERT INTO alerts_alert
        (authority_id, child_id, duty_id, recipient_id, standing, due_on, raised_at, attempts, last_error)
    SELECT d.authority_id, d.child_id, d.id, {recipient}, {standing}, d.due_on, %(at)s, 0, ''
    FROM duties_duty d {joins} WHERE {open} AND {slipped} ON CONFLICT DO NOTHING
"""
MANAGERS = """
    JOIN accounts_post p ON p.authority_id = d.authority_id AND p.role = 'IRO_MANAGER'
    JOIN accounts_holding h ON h.post_id = p.id AND h.ends_on IS NULL
"""
RESPONDERS = """
    JOIN children_teamallocation t ON t.child_id = d.child_id AND t.ends_on IS NULL
    JOIN authorities_team m ON m.id = t.team_id
    JOIN accounts_post p ON p.role = d.owed_by_roles[1] AND p.authority_id = d.authority_id
        AND (p.team_id IS NULL OR p.team_id = t.team_id) AND (p.service_id IS NULL OR p.service_id = m.service_id)
    JOIN accounts_holding h ON h.post_id = p.id AND h.ends_on IS NULL AND h.user_id <> d.not_owed_by_id
"""
CLEARED = """
    UPDATE alerts_alert SET cleared_at = %(at)s FROM duties_duty d
    WHERE d.id = alerts_alert.duty_id AND alerts_alert.authority_id = %(authority)s
        AND alerts_alert.cleared_at IS NULL
        AND (d.met_on IS NOT NULL OR d.closed_on IS NOT NULL OR d.due_on <> alerts_alert.due_on)
"""
LATE = "d.due_on < %(on)s"
SOON = "d.due_soon_on <= %(on)s AND d.due_on >= %(on)s"
UNBOOKED = "d.planned_for_on IS NULL AND d.plan_by_on <= %(on)s AND d.due_on >= %(on)s"


def by_hand() -> list[str]:
    """The statements, in order."""

    def raising(kind: str, standing: str, slipped: str, joins: str, recipient: str = "h.user_id") -> str:
        return RAISE.format(
            standing=f"'{standing}'",
            recipient=recipient,
            joins=joins,
            open=OPEN,
            slipped=f"d.kind = '{kind}' AND {slipped}",
        )

    return [
        raising("REVIEW", "TO_ARRANGE", UNBOOKED, IRO, "a.user_id"),
        raising("REVIEW", "DUE_SOON", SOON, IRO, "a.user_id"),
        raising("REVIEW", "OVERDUE", LATE, IRO, "a.user_id"),
        raising("REVIEW", "OVERDUE", LATE, MANAGERS),
        raising("RESPONSE", "DUE_SOON", SOON, RESPONDERS),
        raising("RESPONSE", "OVERDUE", LATE, RESPONDERS),
        raising("RESPONSE", "OVERDUE", LATE, IRO, "a.user_id"),
        CLEARED,
    ]


def measure() -> Iterator[Measure]:
    """A sweep that finds everything raised already, which is what most minutes are."""
    authority = Authority.objects.get(is_demonstration=True)
    at, on = timezone.now(), timezone.localdate()
    statements = by_hand()

    def reference() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement, {"at": at, "on": on, "authority": authority.pk})

    ours, by_itself = in_turn(lambda: sweep(authority=authority, at=at, on=on), reference, rounds=ROUNDS)
    yield Measure("sweep against its statements by hand", ours * 1000, by_itself * 1000, "ms", GOAL)
