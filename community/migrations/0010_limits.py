import uuid

import django.db.models.deletion
import foundation.clock
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):

    dependencies = [
        ("community", "0009_hidden_by_decision"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="discussion",
            name="locked_by_measure",
            field=models.BooleanField(db_default=False, default=False, help_text="Lifted where it was decided."),
        ),
        migrations.AddField(
            model_name="discussion",
            name="status_beneath",
            field=models.CharField(
                blank=True,
                choices=[("draft", "draft"), ("open", "open"), ("closed", "closed"), ("merged", "merged")],
                db_default="",
                default="",
                help_text="While a measure closes it: what people chose, which holds again.",
                max_length=10,
            ),
        ),
        migrations.RemoveConstraint(model_name="discussion", name="discussion_lock_is_whole"),
        migrations.AddConstraint(
            model_name="discussion",
            constraint=models.CheckConstraint(
                condition=(
                    Q(locked=True) & (Q(locked_by_team=True) | Q(locked_by_owner=True) | Q(locked_by_measure=True))
                )
                | Q(locked=False, locked_by_team=False, locked_by_owner=False, locked_by_measure=False, lock_reason=""),
                name="discussion_lock_is_whole",
            ),
        ),
        migrations.CreateModel(
            name="Limit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("kind", models.CharField(choices=[("closed", "closed"), ("locked", "locked")], max_length=10)),
                ("created_at", models.DateTimeField(db_default=foundation.clock.Now())),
                (
                    "ends_at",
                    models.DateTimeField(
                        blank=True, help_text="When it ends by itself; empty: it does not.", null=True
                    ),
                ),
                ("lifted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "actor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "discussion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="limits", to="community.discussion"
                    ),
                ),
                (
                    "lifted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=Q(lifted_at=None, ends_at__isnull=False), fields=["ends_at"], name="limit_to_end"
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(lifted_at=None, lifted_by=None) | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                        name="limit_lifted_by_somebody",
                    )
                ],
            },
        ),
    ]
