"""Every rung asks somebody. The column of the one role is read no more; a later release drops it."""

from django.db import migrations, models

UNUSED = "ALTER TABLE escalations_stage ALTER COLUMN responder_role SET DEFAULT ''"
USED = "ALTER TABLE escalations_stage ALTER COLUMN responder_role DROP DEFAULT"


class Migration(migrations.Migration):
    dependencies = [("escalations", "0010_everybody_who_answers")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(UNUSED, USED)],
            state_operations=[migrations.RemoveField(model_name="stage", name="responder_role")],
        ),
        migrations.AddConstraint(
            model_name='stage',
            constraint=models.CheckConstraint(condition=models.Q(('responder_roles', []), _negated=True), name='stage_asks_somebody'),
        ),
    ]
