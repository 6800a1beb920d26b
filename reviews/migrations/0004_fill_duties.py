"""Give every review and every decision the duty it is, with its history: what was stored on the row, word for word.

In batches, each a transaction of its own, of rows that have no duty yet: stopped half-way it goes on where it was. The
insert triggers stay quiet, since nothing is owed anew: the row history that stands is copied instead.
"""

from collections.abc import Iterator

from django.db import migrations, transaction

from timescales import CalendarAddition, OutsideCalendar, WorkingCalendar, england

BATCH = 5000
QUIET = """
SELECT set_config('pgtrigger.ignore', array_agg(tgname)::text, true) FROM pg_trigger
WHERE tgname LIKE 'pgtrigger\\_%' AND tgrelid IN ('duties_duty'::regclass, 'reviews_review'::regclass, 'reviews_decision'::regclass)
"""

REVIEWS = """
WITH batch AS (
    SELECT review.*, period.ends_on AS care_ended_on
    FROM reviews_review AS review JOIN children_careperiod AS period ON period.id = review.care_period_id
    WHERE review.duty_id IS NULL ORDER BY review.id LIMIT %(batch)s FOR UPDATE OF review
),
made AS (
    INSERT INTO duties_duty (
        uuid, authority_id, child_id, kind, series, rule, allowed, runs_from_on, due_on, last_safe_on, act_by_on,
        plan_by_on, due_soon_on, tell_from_on, planned_for_on, planned_at, planned_by_id, owed_by_roles, owed_by_words,
        about, met_on, closed_on, closed_at, closed_by_id, closed_reason
    )
    SELECT
        gen_random_uuid(), authority_id, child_id, 'REVIEW', cycle,
        CASE WHEN due_on IS NULL THEN 'NOT_KNOWN' ELSE rule END, NULL, runs_from_on, due_on, last_safe_on, book_by_on,
        unbooked_on, due_soon_on, LEAST(unbooked_on, due_soon_on), booked_for_on,
        CASE WHEN booked_for_on IS NOT NULL THEN booked_at END,
        CASE WHEN booked_for_on IS NOT NULL THEN booked_by_id END,
        ARRAY['IRO']::varchar[], '', uuid, held_on,
        CASE
            WHEN cancelled_at IS NULL THEN NULL
            WHEN cancelled_reason = 'Care ended' AND care_ended_on IS NOT NULL THEN care_ended_on
            ELSE (cancelled_at AT TIME ZONE 'Europe/London')::date
        END,
        cancelled_at, cancelled_by_id, cancelled_reason
    FROM batch
    RETURNING id, about
)
UPDATE reviews_review AS review SET duty_id = made.id FROM made WHERE review.uuid = made.about
"""

# A row of history for each time one of the duty's own columns changed, at the moment and in the context it did.
REVIEW_HISTORY = """
WITH said AS (
    SELECT event.*, review.duty_id AS duty, duty.uuid AS duty_uuid, duty.closed_on AS closed,
        ROW(event.cycle, event.rule, event.runs_from_on, event.due_on, event.last_safe_on, event.book_by_on,
            event.due_soon_on, event.unbooked_on, event.booked_for_on, event.held_on, event.cancelled_at,
            event.cancelled_reason)::text AS facts
    FROM reviews_reviewevent AS event
    JOIN reviews_review AS review ON review.id = event.pgh_obj_id
    JOIN duties_duty AS duty ON duty.id = review.duty_id
    WHERE review.id BETWEEN %(first)s AND %(last)s
        AND NOT EXISTS (SELECT FROM duties_dutyevent AS told WHERE told.pgh_obj_id = review.duty_id)
),
changed AS (
    SELECT said.*, LAG(facts) OVER (PARTITION BY duty ORDER BY pgh_id) AS before FROM said
)
INSERT INTO duties_dutyevent (
    pgh_created_at, pgh_label, pgh_context_id, pgh_obj_id, id, uuid, authority_id, child_id, kind, series, rule, allowed,
    runs_from_on, due_on, last_safe_on, act_by_on, plan_by_on, due_soon_on, tell_from_on, planned_for_on, planned_at,
    planned_by_id, owed_by_roles, owed_by_words, about, met_on, closed_on, closed_at, closed_by_id, closed_reason
)
SELECT
    pgh_created_at, pgh_label, pgh_context_id, duty, duty, duty_uuid, authority_id, child_id, 'REVIEW', cycle,
    CASE WHEN due_on IS NULL THEN 'NOT_KNOWN' ELSE rule END, NULL, runs_from_on, due_on, last_safe_on, book_by_on,
    unbooked_on, due_soon_on, LEAST(unbooked_on, due_soon_on), booked_for_on, booked_at, booked_by_id,
    ARRAY['IRO']::varchar[], '', uuid, held_on,
    CASE WHEN cancelled_at IS NOT NULL
        THEN COALESCE(closed, (cancelled_at AT TIME ZONE 'Europe/London')::date) END,
    cancelled_at, cancelled_by_id, cancelled_reason
FROM changed
WHERE pgh_label = 'insert' OR facts IS DISTINCT FROM before
ORDER BY pgh_id
"""

# Of each child the decisions of the last review held stay open; those of the reviews before have been looked at since.
DECISIONS = """
WITH batch AS (
    SELECT decision.*, LEAST(COALESCE(review.held_on, decision.due_on), decision.due_on) AS runs_from_on,
        (SELECT MIN(later.held_on) FROM reviews_review AS later
            WHERE later.child_id = decision.child_id AND later.held_on > review.held_on) AS reviewed_on
    FROM reviews_decision AS decision JOIN reviews_review AS review ON review.id = decision.review_id
    WHERE decision.duty_id IS NULL ORDER BY decision.id LIMIT %(batch)s FOR UPDATE OF decision
),
made AS (
    INSERT INTO duties_duty (
        uuid, authority_id, child_id, kind, series, rule, allowed, runs_from_on, due_on, last_safe_on, act_by_on,
        due_soon_on, owed_by_roles, owed_by_words, about, closed_on, closed_at, closed_reason
    )
    SELECT
        uuid, authority_id, child_id, 'DECISION', '', 'DECISION_AGREED', due_on - runs_from_on, runs_from_on, due_on,
        due_on, due_on, due_on, ARRAY[]::varchar[], owner, (SELECT uuid FROM reviews_review WHERE id = review_id),
        reviewed_on, CASE WHEN reviewed_on IS NOT NULL THEN now() END,
        CASE WHEN reviewed_on IS NOT NULL THEN 'Reviewed since' ELSE '' END
    FROM batch
    RETURNING id, uuid
)
UPDATE reviews_decision AS decision SET duty_id = made.id FROM made WHERE decision.uuid = made.uuid
"""

DECISION_HISTORY = """
INSERT INTO duties_dutyevent (
    pgh_created_at, pgh_label, pgh_context_id, pgh_obj_id, id, uuid, authority_id, child_id, kind, series, rule, allowed,
    runs_from_on, due_on, last_safe_on, act_by_on, due_soon_on, owed_by_roles, owed_by_words, about, closed_reason
)
SELECT
    event.pgh_created_at, event.pgh_label, event.pgh_context_id, duty.id, duty.id, duty.uuid, duty.authority_id,
    duty.child_id, duty.kind, duty.series, duty.rule, event.due_on - duty.runs_from_on, duty.runs_from_on, event.due_on,
    event.due_on, event.due_on, event.due_on, duty.owed_by_roles, event.owner, duty.about, ''
FROM reviews_decisionevent AS event
JOIN reviews_decision AS decision ON decision.id = event.pgh_obj_id
JOIN duties_duty AS duty ON duty.id = decision.duty_id
WHERE decision.id BETWEEN %(first)s AND %(last)s
    AND NOT EXISTS (SELECT FROM duties_dutyevent AS told WHERE told.pgh_obj_id = duty.id)
ORDER BY event.pgh_id
"""

# The days before a decision's date, which SQL cannot count, for every date there is.
DATES_OF_DECISIONS = """
SELECT DISTINCT due_on FROM duties_duty WHERE kind = 'DECISION' AND closed_on IS NULL AND due_soon_on = due_on
"""
DATE_DECISIONS = """
UPDATE duties_duty SET last_safe_on = %(last_safe_on)s, act_by_on = %(last_safe_on)s,
    due_soon_on = GREATEST(runs_from_on, %(due_soon_on)s)
WHERE kind = 'DECISION' AND due_on = %(due_on)s
"""


def fill(apps, schema_editor):
    connection = schema_editor.connection
    for statement in (REVIEWS, DECISIONS):
        while run(connection, statement, {"batch": BATCH}):
            pass
    for table, statement in (("reviews_review", REVIEW_HISTORY), ("reviews_decision", DECISION_HISTORY)):
        for first, last in ranges(connection, table):
            run(connection, statement, {"first": first, "last": last})
    date_decisions(connection, calendar(apps))


def run(connection, statement: str, values: dict) -> int:
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute(QUIET)
        cursor.execute(statement, values)
        return cursor.rowcount


def ranges(connection, table: str) -> Iterator[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT MIN(id), MAX(id) FROM {table}")  # noqa: S608  # one of our own tables
        first, last = cursor.fetchone()
    for start in range(first or 1, (last or 0) + 1, BATCH):
        yield start, start + BATCH - 1


def calendar(apps) -> WorkingCalendar:
    rows = apps.get_model("authorities", "CalendarDay").objects.order_by("on").values_list("on", "name", "is_working")
    return england(tuple(CalendarAddition(on=on, name=name, is_working=works) for on, name, works in rows))


def date_decisions(connection, working_days: WorkingCalendar) -> None:
    with connection.cursor() as cursor:
        cursor.execute(DATES_OF_DECISIONS)
        dates = [due_on for (due_on,) in cursor.fetchall()]
    for due_on in dates:
        try:
            last_safe_on = working_days.last_working_day_on_or_before(due_on)
            due_soon_on = working_days.subtract_working_days(due_on, 5)
        except OutsideCalendar:
            continue  # a day agreed stands as it is
        run(connection, DATE_DECISIONS, {"due_on": due_on, "last_safe_on": last_safe_on, "due_soon_on": due_soon_on})


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("reviews", "0003_a_duty_of_each"),
        ("duties", "0001_what_is_owed"),
        ("authorities", "0001_initial"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
