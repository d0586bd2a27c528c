"""Events say what they leave of rows beside them, and what belongs to no case has a chain of its own (J6)."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from foundation.append_only import protect


def begin_journal(apps, schema_editor):
    apps.get_model("cases", "Journal").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0023_nobody_at_home"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AddField(
            "event",
            "rows",
            models.JSONField(
                null=True, blank=True, help_text="What it left of its case, and keyed digests of rows; see seals.py."
            ),
        ),
        migrations.CreateModel(
            name="Journal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("count", models.PositiveIntegerField(default=0)),
                ("head", models.CharField(blank=True, max_length=64)),
                ("checkpointed", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="JournalEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(unique=True)),
                ("kind", models.CharField(max_length=40)),
                ("data", models.JSONField(default=dict)),
                ("rows", models.JSONField(default=dict)),
                ("at", models.DateTimeField()),
                ("previous", models.CharField(blank=True, max_length=64)),
                ("hash", models.CharField(max_length=64)),
                (
                    "actor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={"ordering": ["number"]},
        ),
        migrations.RunPython(begin_journal, migrations.RunPython.noop),
        migrations.RunSQL(*protect("cases_journalevent")),
    ]
