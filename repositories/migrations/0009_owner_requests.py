import uuid

import django.db.models.deletion
from django.db import migrations, models

import foundation.clock

CONDITIONS = [
    ("documented", "the card describes the risks"),
    ("tagged", "the card carries the tag “Not For All Audiences”"),
    ("documented_tagged", "the card describes the risks and carries “Not For All Audiences”"),
    ("gated", "access to the files is gated by its owner"),
    ("private", "its owner keeps it private"),
]


class Migration(migrations.Migration):
    dependencies = [("repositories", "0008_removed")]

    operations = [
        migrations.AddField(
            model_name="repository",
            name="asked",
            field=models.BooleanField(db_default=False, default=False, verbose_name="the team asks its owner"),
        ),
        migrations.CreateModel(
            name="OwnerRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("condition", models.CharField(choices=CONDITIONS, max_length=20)),
                (
                    "confidential",
                    models.BooleanField(default=False, help_text="Nobody but whoever manages the repository reads it."),
                ),
                (
                    "discussion",
                    models.PositiveIntegerField(blank=True, help_text="Number of its public discussion.", null=True),
                ),
                ("asked_at", models.DateTimeField(db_default=foundation.clock.Now())),
                ("until", models.DateTimeField(help_text="By when we ask for it; nothing happens by itself then.")),
                (
                    "met_at",
                    models.DateTimeField(blank=True, help_text="Since when it is done; empty: not done.", null=True),
                ),
                (
                    "ended_at",
                    models.DateTimeField(blank=True, help_text="Since when nobody asks for it any more.", null=True),
                ),
                (
                    "repository",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="owner_requests",
                        to="repositories.repository",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("ended_at", None)), fields=["repository"], name="owner_request_standing"
                    )
                ],
            },
        ),
    ]
