"""The links between reviews and escalations move to the reviews room: here they arrive.

Only the state moves: both tables and their event tables keep their rows, constraints and old names. Two things
carry the room's name and are renamed: the history triggers, which pgtrigger calls after the room and the model
(renamed, not made again, so that no write goes unnoted), and the content types that permissions hang on.
"""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


# Table; the trigger's name and hash before, and after.
TRIGGERS = [
    ('escalations_escalationreview', 'pgtrigger_insert_insert_da201', 'c4994cb74fd9c9810e944b80dfd2719bbcfcb8be', 'pgtrigger_insert_insert_5c384', 'cef51691e05f33ecd0cd4842e487ceec5d25939a'),
    ('escalations_escalationreview', 'pgtrigger_update_update_e5fde', '55b6d23f05e3f92bca2a4b1ce0d8988e9931a7c5', 'pgtrigger_update_update_f2f19', '92f11d7347337ca03bdb047b865673133ea5c0d0'),
    ('escalations_leftunescalated', 'pgtrigger_insert_insert_8b6d5', '53a88ef8f38bb580b5d7a43a5dc04398b8c886a3', 'pgtrigger_insert_insert_599db', 'f4de6c42053589cef7e69bc27032ac8ca6d057dd'),
    ('escalations_leftunescalated', 'pgtrigger_update_update_7fc7e', '6099dbc4f64e4d5c09f978ddbbff4bc028b14d09', 'pgtrigger_update_update_8c020', '130e703a33a1a70decc67b6b928d3b1e85bac5c9'),
]


def renamed(table: str, was: str, name: str, note: str) -> list[str]:
    return [
        f'ALTER TRIGGER {was} ON {table} RENAME TO {name}',
        f'ALTER FUNCTION {was}() RENAME TO {name}',
        f"COMMENT ON TRIGGER {name} ON {table} IS '{note}'",
    ]


def types_moved(was: str, room: str) -> str:
    return (
        f"UPDATE django_content_type SET app_label = '{room}' WHERE app_label = '{was}' AND model IN"
        " ('escalationreview', 'escalationreviewevent', 'leftunescalated', 'leftunescalatedevent')"
    )


class Migration(migrations.Migration):

    dependencies = [
        ('authorities', '0001_initial'),
        ('children', '0001_initial'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('escalations', '0002_links_to_reviews_move_up'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('reviews', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                *(
                    migrations.RunSQL(renamed(table, was, name, note), renamed(table, name, was, note_was))
                    for table, was, note_was, name, note in TRIGGERS
                ),
                migrations.RunSQL(types_moved('escalations', 'reviews'), types_moved('reviews', 'escalations')),
            ],
            state_operations=[
                migrations.CreateModel(
                    name='EscalationReview',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('is_origin', models.BooleanField()),
                        ('linked_at', models.DateTimeField()),
                        ('authority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='authorities.authority')),
                        ('child', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='children.child')),
                        ('escalation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='links', to='escalations.escalation')),
                        ('linked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('review', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='escalation_links', to='reviews.review')),
                    ],
                    options={
                        'db_table': 'escalations_escalationreview',
                    },
                ),
                migrations.AddField(
                    model_name='review',
                    name='escalations',
                    field=models.ManyToManyField(related_name='reviews', through='reviews.EscalationReview', to='escalations.escalation'),
                ),
                migrations.CreateModel(
                    name='EscalationReviewEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('is_origin', models.BooleanField()),
                        ('linked_at', models.DateTimeField()),
                        ('authority', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='authorities.authority')),
                        ('child', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='children.child')),
                        ('escalation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='escalations.escalation')),
                        ('linked_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='reviews.escalationreview')),
                        ('review', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='reviews.review')),
                    ],
                    options={
                        'db_table': 'escalations_escalationreviewevent',
                        'abstract': False,
                    },
                ),
                migrations.CreateModel(
                    name='LeftUnescalated',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('reason', models.TextField()),
                        ('left_at', models.DateTimeField()),
                        ('authority', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='authorities.authority')),
                        ('child', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='children.child')),
                        ('left_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('review', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='left_unescalated', to='reviews.review')),
                    ],
                    options={
                        'db_table': 'escalations_leftunescalated',
                    },
                ),
                migrations.CreateModel(
                    name='LeftUnescalatedEvent',
                    fields=[
                        ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                        ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                        ('pgh_label', models.TextField(help_text='The event label.')),
                        ('id', models.BigIntegerField()),
                        ('reason', models.TextField()),
                        ('left_at', models.DateTimeField()),
                        ('authority', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='authorities.authority')),
                        ('child', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='children.child')),
                        ('left_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
                        ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                        ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='reviews.leftunescalated')),
                        ('review', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='reviews.review')),
                    ],
                    options={
                        'db_table': 'escalations_leftunescalatedevent',
                        'abstract': False,
                    },
                ),
                migrations.AddConstraint(
                    model_name='escalationreview',
                    constraint=models.UniqueConstraint(fields=('escalation', 'review'), name='review_linked_once'),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='escalationreview',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "escalations_escalationreviewevent" ("authority_id", "child_id", "escalation_id", "id", "is_origin", "linked_at", "linked_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "review_id") VALUES (NEW."authority_id", NEW."child_id", NEW."escalation_id", NEW."id", NEW."is_origin", NEW."linked_at", NEW."linked_by_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."review_id"); RETURN NULL;', hash='cef51691e05f33ecd0cd4842e487ceec5d25939a', operation='INSERT', pgid='pgtrigger_insert_insert_5c384', table='escalations_escalationreview', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='escalationreview',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "escalations_escalationreviewevent" ("authority_id", "child_id", "escalation_id", "id", "is_origin", "linked_at", "linked_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "review_id") VALUES (NEW."authority_id", NEW."child_id", NEW."escalation_id", NEW."id", NEW."is_origin", NEW."linked_at", NEW."linked_by_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."review_id"); RETURN NULL;', hash='92f11d7347337ca03bdb047b865673133ea5c0d0', operation='UPDATE', pgid='pgtrigger_update_update_f2f19', table='escalations_escalationreview', when='AFTER')),
                ),
                migrations.AddConstraint(
                    model_name='leftunescalated',
                    constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='left_with_a_reason'),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='leftunescalated',
                    trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "escalations_leftunescalatedevent" ("authority_id", "child_id", "id", "left_at", "left_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "review_id") VALUES (NEW."authority_id", NEW."child_id", NEW."id", NEW."left_at", NEW."left_by_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason", NEW."review_id"); RETURN NULL;', hash='f4de6c42053589cef7e69bc27032ac8ca6d057dd', operation='INSERT', pgid='pgtrigger_insert_insert_599db', table='escalations_leftunescalated', when='AFTER')),
                ),
                pgtrigger.migrations.AddTrigger(
                    model_name='leftunescalated',
                    trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "escalations_leftunescalatedevent" ("authority_id", "child_id", "id", "left_at", "left_by_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "review_id") VALUES (NEW."authority_id", NEW."child_id", NEW."id", NEW."left_at", NEW."left_by_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason", NEW."review_id"); RETURN NULL;', hash='130e703a33a1a70decc67b6b928d3b1e85bac5c9', operation='UPDATE', pgid='pgtrigger_update_update_8c020', table='escalations_leftunescalated', when='AFTER')),
                ),
            ],
        ),
    ]
