from django.contrib.postgres.operations import RemoveIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    """Each index had the columns of a unique key, in the same order."""

    atomic = False

    dependencies = [("children", "0001_initial")]

    operations = [
        RemoveIndexConcurrently(model_name="childgroupobjectpermission", name="group_grant_by_holder"),
        RemoveIndexConcurrently(model_name="childuserobjectpermission", name="user_grant_by_holder"),
    ]
