from django.db import migrations, models

KINDS = [
    ("interim_review", "review of an interim measure"),
    ("decide", "decision"),
    ("window", "end of somebody’s time to answer"),
    ("snooze", "end of a snooze"),
    ("second", "confirmation by a second moderator"),
    ("restore", "restoring after a counter-statement"),
    ("contested", "answer to somebody who contests what a rule did"),
    ("measure_ended", "end of a measure"),
]


class Migration(migrations.Migration):
    """A deadline for the end of a measure; nothing in the database changes."""

    dependencies = [("cases", "0019_overturned")]

    operations = [
        migrations.AlterField(model_name="deadline", name="kind", field=models.CharField(choices=KINDS, max_length=20)),
    ]
