"""Have what managers promised in concerns still open be owed. Of concerns resolved nobody knows whether it was done.

A duty a promise: the days before its date are counted when dates are next worked out, within the hour.
"""

from django.db import migrations

FILL = """
WITH promised AS (
    SELECT response.*, escalation.uuid AS about, gen_random_uuid() AS duty_uuid,
        LEAST(response.responded_on, response.action_due_on) AS runs_from_on
    FROM escalations_response AS response
    JOIN escalations_step AS step ON step.id = response.step_id
    JOIN escalations_escalation AS escalation ON escalation.id = step.escalation_id
    WHERE escalation.status = 'OPEN' AND response.action_due_on IS NOT NULL AND response.duty_id IS NULL
),
made AS (
    INSERT INTO duties_duty (
        uuid, authority_id, child_id, kind, series, rule, allowed, runs_from_on, due_on, last_safe_on, act_by_on,
        due_soon_on, tell_from_on, owed_by_id, owed_by_roles, owed_by_words, about, closed_reason
    )
    SELECT duty_uuid, authority_id, child_id, 'PROMISE', '', 'ACTION_PROMISED', action_due_on - runs_from_on,
        runs_from_on, action_due_on, action_due_on, action_due_on, action_due_on, action_due_on, responded_by_id,
        ARRAY[]::varchar[], '', about, ''
    FROM promised
    RETURNING id, uuid
)
UPDATE escalations_response AS response SET duty_id = made.id
FROM made JOIN promised ON promised.duty_uuid = made.uuid WHERE response.id = promised.id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("escalations", "0007_promises_outlive_concerns"),
        ("duties", "0001_what_is_owed"),
    ]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop, elidable=True)]
