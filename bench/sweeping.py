"""The sweep over the demonstration authority against the statements a person would write by hand."""

from collections.abc import Iterator

from django.db import connection, transaction
from django.utils import timezone

from alerts.services import sweep
from bench.timing import Measure, in_turn

ROUNDS = 30
GOAL = 2.0
IRO = "JOIN children_allocation a ON a.child_id = r.child_id AND a.kind = 'IRO' AND a.ends_on IS NULL"
OPEN = "r.held_on IS NULL AND r.cancelled_at IS NULL"
COLUMNS = "authority_id, child_id, recipient_id, kind, review_id, step_id, due_on, raised_at, attempts, last_error"
REVIEWS = """
    INSERT INTO alerts_alert ({columns})
    SELECT r.authority_id, r.child_id, a.user_id, '{kind}', r.id, NULL, r.due_on, %(at)s, 0, ''
    FROM reviews_review r {iro} WHERE {open} AND {slipped} ON CONFLICT DO NOTHING
"""
MANAGERS = """
    INSERT INTO alerts_alert ({columns})
    SELECT r.authority_id, r.child_id, h.user_id, 'REVIEW_OVERDUE', r.id, NULL, r.due_on, %(at)s, 0, ''
    FROM reviews_review r
    JOIN accounts_post p ON p.authority_id = r.authority_id AND p.role = 'IRO_MANAGER'
    JOIN accounts_holding h ON h.post_id = p.id AND h.ends_on IS NULL
    WHERE {open} AND r.due_on < %(on)s ON CONFLICT DO NOTHING
"""
RESPONSES = """
    INSERT INTO alerts_alert ({columns})
    SELECT s.authority_id, s.child_id, h.user_id,
        CASE WHEN s.response_due_on < %(on)s THEN 'RESPONSE_OVERDUE' ELSE 'RESPONSE_DUE' END,
        NULL, s.id, s.response_due_on, %(at)s, 0, ''
    FROM escalations_step s
    JOIN escalations_stage g ON g.id = s.stage_id
    JOIN children_teamallocation t ON t.child_id = s.child_id AND t.ends_on IS NULL
    JOIN authorities_team m ON m.id = t.team_id
    JOIN accounts_post p ON p.role = g.responder_role AND p.authority_id = s.authority_id
        AND (p.team_id IS NULL OR p.team_id = t.team_id) AND (p.service_id IS NULL OR p.service_id = m.service_id)
    JOIN accounts_holding h ON h.post_id = p.id AND h.ends_on IS NULL
    WHERE s.closed_at IS NULL AND s.response_due_soon_on <= %(on)s
        AND NOT EXISTS (SELECT FROM escalations_response x WHERE x.step_id = s.id) ON CONFLICT DO NOTHING
"""
CLEARED = """
    UPDATE alerts_alert SET cleared_at = %(at)s FROM reviews_review r
    WHERE r.id = alerts_alert.review_id AND alerts_alert.cleared_at IS NULL
        AND (r.held_on IS NOT NULL OR r.cancelled_at IS NOT NULL OR r.due_on <> alerts_alert.due_on)
"""
SLIPPED = {
    "REVIEW_UNBOOKED": "r.booked_for_on IS NULL AND r.unbooked_on <= %(on)s AND r.due_on >= %(on)s",
    "REVIEW_DUE_SOON": "r.due_soon_on <= %(on)s AND r.due_on >= %(on)s",
    "REVIEW_OVERDUE": "r.due_on < %(on)s",
}


def by_hand() -> list[str]:
    """The statements, in order."""
    words = {"columns": COLUMNS, "iro": IRO, "open": OPEN}
    reviews = [REVIEWS.format(kind=kind, slipped=slipped, **words) for kind, slipped in SLIPPED.items()]
    return [*reviews, MANAGERS.format(**words), RESPONSES.format(**words), CLEARED]


def measure() -> Iterator[Measure]:
    """A sweep that finds everything raised already, which is what most minutes are."""
    at, on = timezone.now(), timezone.localdate()
    statements = by_hand()

    def reference() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement, {"at": at, "on": on})

    ours, by_itself = in_turn(lambda: sweep(at=at, on=on), reference, rounds=ROUNDS)
    yield Measure("sweep against its statements by hand", ours * 1000, by_itself * 1000, "ms", GOAL)
