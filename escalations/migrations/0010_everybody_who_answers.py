"""Each rung asks the one role it had. The old column stays in the table, for the version still running to read."""

from django.db import migrations

FILL = """
UPDATE escalations_stage SET responder_roles = ARRAY[responder_role]::varchar[] WHERE responder_roles = '{}'
"""


class Migration(migrations.Migration):
    dependencies = [("escalations", "0009_who_answers")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop, elidable=True)]
