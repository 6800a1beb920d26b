"""Give every rung reached the duty it is, the answer it asks for, with its history; as the reviews' were filled."""

from django.db import migrations, transaction

BATCH = 5000
QUIET = """
SELECT set_config('pgtrigger.ignore', array_agg(tgname)::text, true) FROM pg_trigger
WHERE tgname LIKE 'pgtrigger\\_%' AND tgrelid IN ('duties_duty'::regclass, 'escalations_step'::regclass)
"""

STEPS = """
WITH batch AS (
    SELECT step.*, stage.working_days, stage.responder_role, escalation.raised_by_id, escalation.uuid AS about,
        response.responded_on, gen_random_uuid() AS duty_uuid,
        EXISTS (SELECT FROM escalations_step AS later
            WHERE later.escalation_id = step.escalation_id AND later.opened_at > step.opened_at) AS has_moved_up
    FROM escalations_step AS step
    JOIN escalations_escalation AS escalation ON escalation.id = step.escalation_id
    JOIN escalations_stage AS stage ON stage.id = step.stage_id
    LEFT JOIN escalations_response AS response ON response.step_id = step.id
    WHERE step.duty_id IS NULL ORDER BY step.id LIMIT %(batch)s FOR UPDATE OF step
),
made AS (
    INSERT INTO duties_duty (
        uuid, authority_id, child_id, kind, series, rule, allowed, runs_from_on, due_on, last_safe_on, act_by_on,
        due_soon_on, tell_from_on, owed_by_roles, owed_by_words, not_owed_by_id, about, met_on, closed_on, closed_at,
        closed_by_id, closed_reason
    )
    SELECT
        duty_uuid, authority_id, child_id, 'RESPONSE', '', 'STAGE_ANSWER', working_days, opened_on, response_due_on,
        response_due_on, response_due_on, response_due_soon_on, response_due_soon_on, ARRAY[responder_role]::varchar[],
        '', raised_by_id, about, responded_on,
        CASE WHEN responded_on IS NULL THEN (closed_at AT TIME ZONE 'Europe/London')::date END,
        CASE WHEN responded_on IS NULL THEN closed_at END,
        CASE WHEN responded_on IS NULL THEN closed_by_id END,
        CASE WHEN responded_on IS NOT NULL OR closed_at IS NULL THEN '' WHEN has_moved_up THEN 'Moved up'
            ELSE 'Resolved' END
    FROM batch
    RETURNING id, uuid
)
UPDATE escalations_step AS step SET duty_id = made.id
FROM made JOIN batch ON batch.duty_uuid = made.uuid WHERE step.id = batch.id
"""

# When each came to be owed, was answered or left: the moments its rung and its answer were written.
STEP_HISTORY = """
WITH said AS (
    SELECT duty.*, event.pgh_created_at, event.pgh_label, event.pgh_context_id, event.pgh_id,
        event.response_due_on AS then_due_on, event.response_due_soon_on AS then_due_soon_on,
        event.closed_at AS then_closed_at
    FROM escalations_stepevent AS event
    JOIN escalations_step AS step ON step.id = event.pgh_obj_id
    JOIN duties_duty AS duty ON duty.id = step.duty_id
    WHERE NOT EXISTS (SELECT FROM duties_dutyevent AS told WHERE told.pgh_obj_id = duty.id)
        AND (event.pgh_label = 'insert' OR (event.closed_at IS NOT NULL AND duty.closed_on IS NOT NULL))
)
INSERT INTO duties_dutyevent (
    pgh_created_at, pgh_label, pgh_context_id, pgh_obj_id, id, uuid, authority_id, child_id, kind, series, rule, allowed,
    runs_from_on, due_on, last_safe_on, act_by_on, due_soon_on, tell_from_on, owed_by_roles, owed_by_words,
    not_owed_by_id, about, closed_on, closed_at, closed_by_id, closed_reason
)
SELECT
    pgh_created_at, pgh_label, pgh_context_id, id, id, uuid, authority_id, child_id, kind, series, rule, allowed,
    runs_from_on, then_due_on, then_due_on, then_due_on, then_due_soon_on, then_due_soon_on, owed_by_roles,
    owed_by_words, not_owed_by_id, about,
    CASE WHEN then_closed_at IS NOT NULL THEN closed_on END,
    CASE WHEN then_closed_at IS NOT NULL THEN closed_at END,
    CASE WHEN then_closed_at IS NOT NULL THEN closed_by_id END,
    CASE WHEN then_closed_at IS NOT NULL THEN closed_reason ELSE '' END
FROM said ORDER BY pgh_id
"""


def fill(apps, schema_editor):
    connection = schema_editor.connection
    while run(connection, STEPS, {"batch": BATCH}):
        pass
    run(connection, STEP_HISTORY, {})


def run(connection, statement: str, values: dict) -> int:
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute(QUIET)
        cursor.execute(statement, values)
        return cursor.rowcount


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("escalations", "0003_a_duty_of_each"), ("duties", "0001_what_is_owed")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
