"""Say of every decision still owed which post answers for it, and which page it is worked on, as new ones are told.

Whoever it names otherwise (a carer, a school, somebody by name), the child's social worker answers for it.
"""

from django.db import migrations

FILL = """
UPDATE duties_duty AS duty SET
    about = decision.uuid,
    tell_from_on = CASE WHEN duty.met_on IS NULL AND duty.closed_on IS NULL THEN duty.due_soon_on END,
    owed_by_roles = ARRAY[
        CASE
            WHEN words IN ('team manager', 'tm') THEN 'TEAM_MANAGER'
            WHEN words = 'service manager' THEN 'SERVICE_MANAGER'
            WHEN words IN ('iro', 'independent reviewing officer') THEN 'IRO'
            ELSE 'SOCIAL_WORKER'
        END
    ]::varchar[]
FROM (
    SELECT duty_id, uuid, lower(regexp_replace(btrim(owner), '\\s+', ' ', 'g')) AS words FROM reviews_decision
) AS decision
WHERE decision.duty_id = duty.id AND duty.about IS DISTINCT FROM decision.uuid
"""


class Migration(migrations.Migration):
    dependencies = [
        ("reviews", "0007_what_came_of_decisions"),
        ("duties", "0001_what_is_owed"),
    ]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop, elidable=True)]
