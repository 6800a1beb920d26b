from django.db import migrations

BATCH = 10_000


def remove_rows(apps, schema_editor):
    """Remove the rows of posts that reach the whole authority, each batch at once; to run it again is harmless."""
    database = schema_editor.connection.alias
    groups = apps.get_model("auth", "Group").objects.using(database).filter(name__contains=":AUTHORITY:")
    rows = apps.get_model("children", "ChildGroupObjectPermission").objects.using(database)
    stale = rows.filter(group__in=list(groups.values_list("pk", flat=True))).order_by("pk")
    last = 0
    while keys := list(stale.filter(pk__gt=last).values_list("pk", flat=True)[:BATCH]):
        rows.filter(pk__in=keys).delete()
        last = keys[-1]


class Migration(migrations.Migration):
    """Such posts are answered by the authority that a row bears.

    Going back leaves the rows away: the earlier version's reconciler makes them again within ten minutes.
    """

    atomic = False

    dependencies = [("children", "0002_drop_doubled_indexes")]

    operations = [migrations.RunPython(remove_rows, migrations.RunPython.noop)]
