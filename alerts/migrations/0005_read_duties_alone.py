"""Drop what an alert was about before duties; its history has the duty instead."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('alerts', '0004_every_alert_has_its_duty'),
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
        migrations.RemoveField(
            model_name='alert',
            name='kind',
        ),
        migrations.RemoveField(
            model_name='alert',
            name='review',
        ),
        migrations.RemoveField(
            model_name='alert',
            name='step',
        ),
        migrations.RemoveField(
            model_name='alertevent',
            name='kind',
        ),
        migrations.RemoveField(
            model_name='alertevent',
            name='review',
        ),
        migrations.RemoveField(
            model_name='alertevent',
            name='step',
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='alert',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "alerts_alertevent" ("attempts", "authority_id", "child_id", "cleared_at", "due_on", "duty_id", "id", "last_error", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "raised_at", "recipient_id", "retry_at", "sent_at", "standing", "uuid") VALUES (NEW."attempts", NEW."authority_id", NEW."child_id", NEW."cleared_at", NEW."due_on", NEW."duty_id", NEW."id", NEW."last_error", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."raised_at", NEW."recipient_id", NEW."retry_at", NEW."sent_at", NEW."standing", NEW."uuid"); RETURN NULL;', hash='9960e71130740169323ca725dd49687c0b53a817', operation='INSERT', pgid='pgtrigger_insert_insert_607e3', table='alerts_alert', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='alert',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "alerts_alertevent" ("attempts", "authority_id", "child_id", "cleared_at", "due_on", "duty_id", "id", "last_error", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "raised_at", "recipient_id", "retry_at", "sent_at", "standing", "uuid") VALUES (NEW."attempts", NEW."authority_id", NEW."child_id", NEW."cleared_at", NEW."due_on", NEW."duty_id", NEW."id", NEW."last_error", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."raised_at", NEW."recipient_id", NEW."retry_at", NEW."sent_at", NEW."standing", NEW."uuid"); RETURN NULL;', hash='2bf779904cc8f4131f68c3022021230ea98ea313', operation='UPDATE', pgid='pgtrigger_update_update_953db', table='alerts_alert', when='AFTER')),
        ),
    ]
