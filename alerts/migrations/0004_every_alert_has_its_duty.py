"""Hold every alert to its duty, once a person, standing and due date."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('alerts', '0003_fill_from_duties'),
        ('authorities', '0001_initial'),
        ('children', '0001_initial'),
        ('duties', '0001_what_is_owed'),
        ('escalations', '0004_fill_duties'),
        ('reviews', '0004_fill_duties'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='alert',
            name='alert_once',
        ),
        migrations.RemoveConstraint(
            model_name='alert',
            name='alert_about_one_thing',
        ),
        migrations.RemoveIndex(
            model_name='alert',
            name='alert_live_by_review',
        ),
        migrations.RemoveIndex(
            model_name='alert',
            name='alert_live_by_step',
        ),
        migrations.RemoveIndex(
            model_name='sweep',
            name='sweep_latest',
        ),
        migrations.AlterField(
            model_name='alert',
            name='duty',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='alerts', to='duties.duty'),
        ),
        migrations.AlterField(
            model_name='alert',
            name='standing',
            field=models.CharField(max_length=30),
        ),
        migrations.AlterField(
            model_name='alertevent',
            name='duty',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='duties.duty'),
        ),
        migrations.AlterField(
            model_name='alertevent',
            name='standing',
            field=models.CharField(max_length=30),
        ),
        migrations.AddIndex(
            model_name='alert',
            index=models.Index(condition=models.Q(('cleared_at__isnull', True)), fields=['authority'], name='alert_live_by_authority'),
        ),
        migrations.AddIndex(
            model_name='sweep',
            index=models.Index(fields=['authority', '-finished_at'], name='sweep_latest'),
        ),
        migrations.AddConstraint(
            model_name='alert',
            constraint=models.UniqueConstraint(fields=('duty', 'recipient', 'standing', 'due_on'), name='alert_once', nulls_distinct=False),
        ),
    ]
