"""The links between reviews and escalations move to the reviews room: here they leave, by state only.

Tables, rows, constraints and triggers stay as they are; reviews 0002 takes them over under their own names.
"""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('escalations', '0001_initial'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveField(model_name='escalation', name='reviews'),
                migrations.DeleteModel(name='EscalationReviewEvent'),
                migrations.DeleteModel(name='EscalationReview'),
                migrations.DeleteModel(name='LeftUnescalatedEvent'),
                migrations.DeleteModel(name='LeftUnescalated'),
            ],
        ),
    ]
