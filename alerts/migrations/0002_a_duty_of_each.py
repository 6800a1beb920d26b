"""Room for the duty an alert is about, a recipient who may be nobody, and an authority's own sweeps."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('alerts', '0001_initial'),
        ('authorities', '0001_initial'),
        ('duties', '0001_what_is_owed'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='alert',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='alert',
            name='update_update',
        ),
        migrations.AddField(
            model_name='alert',
            name='duty',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='alerts', to='duties.duty'),
        ),
        migrations.AddField(
            model_name='alert',
            name='standing',
            field=models.CharField(max_length=30, null=True),
        ),
        migrations.AddField(
            model_name='alertevent',
            name='duty',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='duties.duty'),
        ),
        migrations.AddField(
            model_name='alertevent',
            name='standing',
            field=models.CharField(max_length=30, null=True),
        ),
        migrations.AddField(
            model_name='sweep',
            name='authority',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sweeps', to='authorities.authority'),
        ),
        migrations.AlterField(
            model_name='alert',
            name='recipient',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='alerts', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AlterField(
            model_name='alertevent',
            name='recipient',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='alert',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "alerts_alertevent" ("attempts", "authority_id", "child_id", "cleared_at", "due_on", "duty_id", "id", "kind", "last_error", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "raised_at", "recipient_id", "retry_at", "review_id", "sent_at", "standing", "step_id", "uuid") VALUES (NEW."attempts", NEW."authority_id", NEW."child_id", NEW."cleared_at", NEW."due_on", NEW."duty_id", NEW."id", NEW."kind", NEW."last_error", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."raised_at", NEW."recipient_id", NEW."retry_at", NEW."review_id", NEW."sent_at", NEW."standing", NEW."step_id", NEW."uuid"); RETURN NULL;', hash='f20c2e1b2085c719ea23e963983c039d183847fb', operation='INSERT', pgid='pgtrigger_insert_insert_607e3', table='alerts_alert', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='alert',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "alerts_alertevent" ("attempts", "authority_id", "child_id", "cleared_at", "due_on", "duty_id", "id", "kind", "last_error", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "raised_at", "recipient_id", "retry_at", "review_id", "sent_at", "standing", "step_id", "uuid") VALUES (NEW."attempts", NEW."authority_id", NEW."child_id", NEW."cleared_at", NEW."due_on", NEW."duty_id", NEW."id", NEW."kind", NEW."last_error", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."raised_at", NEW."recipient_id", NEW."retry_at", NEW."review_id", NEW."sent_at", NEW."standing", NEW."step_id", NEW."uuid"); RETURN NULL;', hash='ad5ecf0c9e42b244996aafca8fa06b65dff7a7a5', operation='UPDATE', pgid='pgtrigger_update_update_953db', table='alerts_alert', when='AFTER')),
        ),
    ]
