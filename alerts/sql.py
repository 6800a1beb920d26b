"""The sweep as one statement: who ought to be told of what today, against who has been told.

The table of kinds is handed over as rows, so that nothing here changes when a kind is added. `told` is everybody a
slip reaches, in turns: first those its notice tells, then those told otherwise, then nobody; `wanted` is the first
turn that has anyone, so that every slip has an alert. `compared` lays that beside what stands: what stands and is not
wanted is cleared; what is wanted and does not stand is raised. An alert whose reason comes back stands again as the
same row, with the mail it has had. Everybody is reached by live facts only: an allocation or a post without an end,
of an active person.

Each reach is a join of its own: one join by role that then filters by an OR weighs every holder against every slip.
Two sides are compared by grouping, never by a join, whose worst plan is quadratic when all fall due on one day.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from accounts.roles import ROLES, Scope
from duties import kinds
from duties.kinds import OWNER, Notice

LOOK = """
WITH
notice AS (
    SELECT row.* FROM jsonb_to_recordset(%(notices)s::jsonb)
        AS row (kind text, standing text, code text, tells text[], otherwise text[])
),
slip AS MATERIALIZED (
    SELECT duty.id AS duty_id, duty.child_id, duty.due_on, duty.owed_by_id, duty.owed_by_roles, duty.not_owed_by_id,
        notice.standing, notice.code, notice.tells, notice.otherwise
    FROM duties_duty AS duty
    JOIN notice ON notice.kind = duty.kind
    WHERE duty.authority_id = %(authority)s AND duty.met_on IS NULL AND duty.closed_on IS NULL
        AND (duty.tell_from_on <= %(on)s OR duty.planned_for_on > duty.due_on)
        AND CASE notice.standing
            WHEN 'OVERDUE' THEN duty.due_on < %(on)s
            WHEN 'PLANNED_LATE' THEN duty.planned_for_on > duty.due_on AND duty.due_on >= %(on)s
            WHEN 'DUE_SOON' THEN
                duty.due_soon_on <= %(on)s AND duty.due_on >= %(on)s
                AND (duty.planned_for_on IS NULL OR duty.planned_for_on < %(on)s)
            WHEN 'TO_ARRANGE' THEN
                duty.planned_for_on IS NULL AND duty.plan_by_on <= %(on)s AND duty.due_on >= %(on)s
        END
),
asked AS MATERIALIZED (
    SELECT duty_id, child_id, due_on, standing, code, 1 AS turn, role, NULL::bigint AS but_not
    FROM slip CROSS JOIN unnest(tells) AS role WHERE role <> %(owner)s
    UNION
    SELECT duty_id, child_id, due_on, standing, code, 1, role, not_owed_by_id
    FROM slip CROSS JOIN unnest(owed_by_roles) AS role WHERE %(owner)s = ANY(tells)
    UNION
    SELECT duty_id, child_id, due_on, standing, code, 2, role, NULL
    FROM slip CROSS JOIN unnest(otherwise) AS role
),
holder AS MATERIALIZED (
    SELECT post.role, post.service_id, post.team_id, person.id AS user_id
    FROM accounts_post AS post
    JOIN accounts_holding AS holding ON holding.post_id = post.id AND holding.ends_on IS NULL
    JOIN accounts_user AS person ON person.id = holding.user_id
    WHERE post.authority_id = %(authority)s AND post.ends_on IS NULL
        AND person.is_active AND NOT person.is_service_account
),
told AS (
    SELECT duty_id, child_id, due_on, standing, code, 1 AS turn, person.id AS recipient_id
    FROM slip JOIN accounts_user AS person ON person.id = slip.owed_by_id AND person.is_active
    WHERE %(owner)s = ANY(tells) AND person.id IS DISTINCT FROM slip.not_owed_by_id
    UNION
    SELECT duty_id, asked.child_id, due_on, standing, code, turn, person.id
    FROM asked
    JOIN children_allocation AS allocation
        ON allocation.child_id = asked.child_id AND allocation.kind = asked.role AND allocation.ends_on IS NULL
    JOIN accounts_user AS person ON person.id = allocation.user_id AND person.is_active
    WHERE asked.role = ANY(%(allocated_roles)s) AND person.id IS DISTINCT FROM asked.but_not
    UNION
    SELECT duty_id, asked.child_id, due_on, standing, code, turn, holder.user_id
    FROM asked
    JOIN children_teamallocation AS place ON place.child_id = asked.child_id AND place.ends_on IS NULL
    JOIN holder ON holder.role = asked.role AND holder.team_id = place.team_id
    WHERE asked.role = ANY(%(team_roles)s) AND holder.user_id IS DISTINCT FROM asked.but_not
    UNION
    SELECT duty_id, asked.child_id, due_on, standing, code, turn, holder.user_id
    FROM asked
    JOIN children_teamallocation AS place ON place.child_id = asked.child_id AND place.ends_on IS NULL
    JOIN authorities_team AS team ON team.id = place.team_id
    JOIN holder ON holder.role = asked.role AND holder.service_id = team.service_id
    WHERE asked.role = ANY(%(service_roles)s) AND holder.user_id IS DISTINCT FROM asked.but_not
    UNION
    SELECT duty_id, child_id, due_on, standing, code, turn, holder.user_id
    FROM asked JOIN holder ON holder.role = asked.role
    WHERE asked.role = ANY(%(authority_roles)s) AND holder.user_id IS DISTINCT FROM asked.but_not
    UNION
    SELECT duty_id, child_id, due_on, standing, code, 3, NULL FROM slip
),
wanted AS MATERIALIZED (
    SELECT duty_id, child_id, due_on, standing, code, recipient_id
    FROM (SELECT told.*, min(turn) OVER (PARTITION BY duty_id, standing) AS first_turn FROM told) AS told
    WHERE turn = first_turn
),
compared AS MATERIALIZED (
    SELECT duty_id, standing, due_on, recipient_id,
        max(child_id) AS child_id, max(alert_id) AS alert_id, bool_or(is_wanted) AS is_wanted
    FROM (
        SELECT duty_id, standing, due_on, recipient_id, child_id, NULL::bigint AS alert_id, true AS is_wanted
        FROM wanted
        UNION ALL
        SELECT duty_id, standing, due_on, recipient_id, child_id, id, false
        FROM alerts_alert WHERE authority_id = %(authority)s AND cleared_at IS NULL
    ) AS both_sides
    GROUP BY duty_id, standing, due_on, recipient_id
)
"""

ACT = """,
cleared AS (
    UPDATE alerts_alert SET cleared_at = %(at)s
    WHERE id IN (SELECT alert_id FROM compared WHERE NOT is_wanted)
),
raised AS (
    INSERT INTO alerts_alert
        (authority_id, child_id, duty_id, recipient_id, standing, due_on, raised_at, attempts, last_error)
    SELECT %(authority)s, child_id, duty_id, recipient_id, standing, due_on, %(at)s, 0, ''
    FROM compared WHERE alert_id IS NULL
    ORDER BY recipient_id, due_on
    ON CONFLICT ON CONSTRAINT alert_once DO UPDATE SET cleared_at = NULL
)
"""

TELL = """
SELECT
    (SELECT count(*) FROM duties_duty
        WHERE authority_id = %(authority)s AND met_on IS NULL AND closed_on IS NULL),
    (SELECT count(*) FROM compared WHERE alert_id IS NULL),
    (SELECT count(*) FROM compared WHERE NOT is_wanted),
    (SELECT jsonb_object_agg(code, often) FROM (SELECT code, count(*) AS often FROM wanted GROUP BY code) AS counted),
    (SELECT count(*) FROM wanted WHERE recipient_id IS NULL)
"""

# One sweep of an authority at a time: the second waits, then finds nothing left to do. The number is ours alone.
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(903001, %s)"

# One delivery at a time for each person: a second leaves the person to the first. The number is ours alone.
CLAIM_PERSON = "SELECT pg_try_advisory_xact_lock(903002, %s)"

# PostgreSQL ends a sweep by itself, well before the task is killed: it would go on without the task, lock in hand.
LONGEST_SWEEP = "30s"
END_BY_ITSELF = "SELECT set_config('statement_timeout', %s, true)"


@dataclass(frozen=True)
class Swept:
    """What one look at an authority found: its open duties, what came and went, and what stands after it by code."""

    checked: int
    raised: int
    cleared: int
    by_kind: Mapping[str, int]
    without_recipient: int


def sweep(authority_id: int, on: date, at: datetime) -> Swept:
    """Make an authority's alerts what its duties say on this day; alone, not for ever, in the caller's transaction.

    Raises OperationalError where it takes longer than LONGEST_SWEEP, the wait for another included.
    """
    with connection.cursor() as cursor:
        cursor.execute(END_BY_ITSELF, [LONGEST_SWEEP])
        cursor.execute(ONE_AT_A_TIME, [authority_id % 2**31])
    return _run(LOOK + ACT + TELL, {"at": at, **_look_at(authority_id, on)})


def preview(authority_id: int, on: date) -> Swept:
    """What a sweep on this day would find, by the same look. It only reads: nothing is locked, written or undone."""
    return _run(LOOK + TELL, _look_at(authority_id, on))


def _run(statement: str, values: Mapping[str, Any]) -> Swept:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        checked, raised, cleared, by_kind, without_recipient = cursor.fetchone()
    counted = dict.fromkeys((notice.code for _, notice in notices()), 0) | json.loads(by_kind or "{}")
    return Swept(checked, raised, cleared, counted, without_recipient)


def _look_at(authority_id: int, on: date) -> dict[str, Any]:
    return {"authority": authority_id, "on": on, "owner": OWNER, "notices": _notices_as_rows(), **_roles_by_reach()}


def notices() -> Iterable[tuple[kinds.Kind, Notice]]:
    """Every notice of the table of kinds, as the table stands now."""
    return [(kind, notice) for kind in kinds.KINDS for notice in kind.notices]


def _notices_as_rows() -> str:
    return json.dumps(
        [
            {
                "kind": kind.code,
                "standing": notice.when,
                "code": notice.code,
                "tells": notice.tells,
                "otherwise": kind.otherwise,
            }
            for kind, notice in notices()
        ]
    )


def _roles_by_reach() -> dict[str, list[str]]:
    """The roles that reach a child by allocation, through its team, its team's service, or its authority."""
    return {
        f"{scope.lower()}_roles": [role.code for role in ROLES if role.scope is scope]
        for scope in (Scope.ALLOCATED, Scope.TEAM, Scope.SERVICE, Scope.AUTHORITY)
    }
