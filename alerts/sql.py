"""The sweep as one statement: who ought to be told of what today, against who has been told.

`wanted` is every alert that ought to stand today. What stands and is not wanted is cleared; what is wanted and
does not stand is raised. An alert whose reason comes back stands again as the same row, with the mail it has
had. Everybody is reached by live facts only: an allocation or a post without an end, of an active person.
"""

SWEEP = """
WITH
review_slip AS (
    SELECT review.authority_id, review.child_id, review.due_on, slip.kind, review.id AS review_id
    FROM reviews_review AS review
    CROSS JOIN LATERAL (VALUES
        ('REVIEW_UNBOOKED',
            review.booked_for_on IS NULL AND review.unbooked_on <= %(on)s AND review.due_on >= %(on)s),
        ('REVIEW_DUE_SOON', review.due_soon_on <= %(on)s AND review.due_on >= %(on)s),
        ('REVIEW_OVERDUE', review.due_on < %(on)s)
    ) AS slip (kind, holds)
    WHERE review.held_on IS NULL AND review.cancelled_at IS NULL AND slip.holds
),
response_slip AS (
    SELECT step.authority_id, step.child_id, step.response_due_on AS due_on,
        CASE WHEN step.response_due_on < %(on)s THEN 'RESPONSE_OVERDUE' ELSE 'RESPONSE_DUE' END AS kind,
        step.id AS step_id, stage.responder_role, escalation.raised_by_id
    FROM escalations_step AS step
    JOIN escalations_escalation AS escalation ON escalation.id = step.escalation_id
    JOIN escalations_stage AS stage ON stage.id = step.stage_id
    WHERE step.closed_at IS NULL AND step.response_due_soon_on <= %(on)s AND escalation.status = 'OPEN'
        AND NOT EXISTS (SELECT FROM escalations_response AS response WHERE response.step_id = step.id)
),
slip AS (
    SELECT authority_id, child_id, due_on, kind, review_id, NULL::bigint AS step_id FROM review_slip
    UNION ALL
    SELECT authority_id, child_id, due_on, kind, NULL, step_id FROM response_slip
),
iro AS (
    SELECT allocation.child_id, person.id AS user_id
    FROM children_allocation AS allocation
    JOIN accounts_user AS person ON person.id = allocation.user_id AND person.is_active
    WHERE allocation.kind = 'IRO' AND allocation.ends_on IS NULL
),
holder AS (
    SELECT post.role, post.authority_id, post.service_id, post.team_id, person.id AS user_id
    FROM accounts_holding AS holding
    JOIN accounts_post AS post ON post.id = holding.post_id AND post.ends_on IS NULL
    JOIN accounts_user AS person ON person.id = holding.user_id
    WHERE holding.ends_on IS NULL AND person.is_active AND NOT person.is_service_account
),
told AS (
    SELECT slip.*, iro.user_id AS recipient_id
    FROM slip JOIN iro ON iro.child_id = slip.child_id
    WHERE slip.kind <> 'RESPONSE_DUE'
    UNION
    SELECT slip.authority_id, slip.child_id, slip.due_on, slip.kind, NULL, slip.step_id, holder.user_id
    FROM response_slip AS slip
    LEFT JOIN children_teamallocation AS place ON place.child_id = slip.child_id AND place.ends_on IS NULL
    LEFT JOIN authorities_team AS team ON team.id = place.team_id
    JOIN holder ON holder.role = slip.responder_role AND holder.user_id <> slip.raised_by_id
        AND (holder.role = ANY(%(team_roles)s) AND holder.team_id = place.team_id
            OR holder.role = ANY(%(service_roles)s) AND holder.service_id = team.service_id
            OR holder.role = ANY(%(authority_roles)s) AND holder.authority_id = slip.authority_id)
),
for_managers AS (
    SELECT slip.* FROM slip WHERE slip.kind = 'REVIEW_OVERDUE'
    UNION
    SELECT slip.* FROM slip
    WHERE NOT EXISTS (
        SELECT FROM told
        WHERE told.kind = slip.kind
            AND COALESCE(told.review_id, told.step_id) = COALESCE(slip.review_id, slip.step_id)
    )
),
wanted AS (
    SELECT * FROM told
    UNION
    SELECT for_managers.*, holder.user_id
    FROM for_managers
    JOIN holder ON holder.role = ANY(%(overseers)s) AND holder.authority_id = for_managers.authority_id
),
cleared AS (
    UPDATE alerts_alert AS alert SET cleared_at = %(at)s
    WHERE alert.cleared_at IS NULL AND NOT EXISTS (
        SELECT FROM wanted
        WHERE wanted.recipient_id = alert.recipient_id AND wanted.kind = alert.kind
            AND wanted.due_on = alert.due_on
            AND COALESCE(wanted.review_id, wanted.step_id) = COALESCE(alert.review_id, alert.step_id)
    )
    RETURNING alert.id
),
raised AS (
    INSERT INTO alerts_alert
        (authority_id, child_id, recipient_id, kind, review_id, step_id, due_on, raised_at, attempts, last_error)
    SELECT authority_id, child_id, recipient_id, kind, review_id, step_id, due_on, %(at)s, 0, ''
    FROM wanted
    WHERE NOT EXISTS (
        SELECT FROM alerts_alert AS alert
        WHERE alert.cleared_at IS NULL AND alert.recipient_id = wanted.recipient_id
            AND alert.kind = wanted.kind AND alert.due_on = wanted.due_on
            AND COALESCE(alert.review_id, alert.step_id) = COALESCE(wanted.review_id, wanted.step_id)
    )
    ORDER BY recipient_id, due_on
    ON CONFLICT ON CONSTRAINT alert_once DO UPDATE SET cleared_at = NULL
    RETURNING id
)
SELECT (SELECT count(*) FROM raised), (SELECT count(*) FROM cleared)
"""

# One sweep at a time: the second waits, then finds nothing left to do. The number is ours alone.
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(903001)"

# One delivery at a time for each person: a second leaves the person to the first. The number is ours alone.
CLAIM_PERSON = "SELECT pg_try_advisory_xact_lock(903002, %s)"
