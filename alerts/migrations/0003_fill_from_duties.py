"""Give every alert, and every row of its history, the duty it is about and the standing it told of.

In batches, each a transaction of its own, of rows that have no duty yet: stopped half-way it goes on where it was. The
history triggers stay quiet, since nothing about an alert has changed: its history is filled instead.
"""

from collections.abc import Iterator

from django.db import migrations, transaction

BATCH = 10_000
QUIET = """
SELECT set_config('pgtrigger.ignore', array_agg(tgname)::text, true) FROM pg_trigger
WHERE tgname LIKE 'pgtrigger\\_%' AND tgrelid = 'alerts_alert'::regclass
"""
FILL = """
UPDATE {table} AS alert SET duty_id = COALESCE(review.duty_id, step.duty_id), standing = told.standing
FROM {table} AS row
JOIN (VALUES
    ('REVIEW_UNBOOKED', 'TO_ARRANGE'), ('REVIEW_DUE_SOON', 'DUE_SOON'), ('REVIEW_OVERDUE', 'OVERDUE'),
    ('RESPONSE_DUE', 'DUE_SOON'), ('RESPONSE_OVERDUE', 'OVERDUE')
) AS told (kind, standing) ON told.kind = row.kind
LEFT JOIN reviews_review AS review ON review.id = row.review_id
LEFT JOIN escalations_step AS step ON step.id = row.step_id
WHERE row.{key} BETWEEN %(first)s AND %(last)s AND row.duty_id IS NULL AND alert.{key} = row.{key}
"""
TABLES = {"alerts_alert": "id", "alerts_alertevent": "pgh_id"}


def fill(apps, schema_editor):
    connection = schema_editor.connection
    for table, key in TABLES.items():
        for first, last in ranges(connection, table, key):
            with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
                cursor.execute(QUIET)
                cursor.execute(FILL.format(table=table, key=key), {"first": first, "last": last})


def ranges(connection, table: str, key: str) -> Iterator[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT MIN({key}), MAX({key}) FROM {table}")  # noqa: S608  # our own tables
        first, last = cursor.fetchone()
    for start in range(first or 1, (last or 0) + 1, BATCH):
        yield start, start + BATCH - 1


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("alerts", "0002_a_duty_of_each"),
        ("escalations", "0004_fill_duties"),
        ("reviews", "0004_fill_duties"),
    ]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
