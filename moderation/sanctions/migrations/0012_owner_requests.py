import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import foundation.clock


class Migration(migrations.Migration):
    dependencies = [
        ("repositories", "0009_owner_requests"),
        ("sanctions", "0011_limit_reached"),
        ("subjects", "0004_fewer_indexes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="StandingCondition",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "condition",
                    models.CharField(
                        choices=[
                            ("documented", "the card describes the risks"),
                            ("tagged", "the card carries the tag “Not For All Audiences”"),
                            ("documented_tagged", "the card describes the risks and carries “Not For All Audiences”"),
                            ("gated", "access to the files is gated by its owner"),
                            ("private", "its owner keeps it private"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "decision_id",
                    models.UUIDField(help_text="Public id of the decision; the rooms above own decisions."),
                ),
                ("created_at", models.DateTimeField(db_default=foundation.clock.Now())),
                ("kept_since", models.DateTimeField(blank=True, null=True)),
                ("broken_at", models.DateTimeField(blank=True, help_text="When it was broken last.", null=True)),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True)),
                ("withdraw_reason", models.TextField(blank=True)),
            ],
        ),
        migrations.AddField(
            model_name="measure",
            name="owner_request",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="repositories.ownerrequest",
            ),
        ),
        migrations.AddField(
            model_name="measure",
            name="until_done",
            field=models.CharField(
                blank=True,
                choices=[
                    ("documented", "the card describes the risks"),
                    ("tagged", "the card carries the tag “Not For All Audiences”"),
                    ("documented_tagged", "the card describes the risks and carries “Not For All Audiences”"),
                    ("gated", "access to the files is gated by its owner"),
                    ("private", "its owner keeps it private"),
                ],
                db_default="",
                default="",
                help_text="It ends by itself once the owner did this; of a request, what it asks for (E1, E5).",
                max_length=20,
            ),
        ),
        migrations.AlterField(
            model_name="measure",
            name="kind",
            field=models.CharField(
                choices=[
                    ("request_documentation", "ask the owner to document it"),
                    ("request_gating", "ask the owner to gate it"),
                    ("request_private", "ask the owner to make it private"),
                    ("hold", "hold: hidden until we have looked"),
                    ("nfaa", "tag “Not For All Audiences”"),
                    ("downgrade", "downgrade: left out of trending and feeds"),
                    ("close_discussion", "close the discussion"),
                    ("lock_discussion", "lock the discussion: only the team writes in it"),
                    ("hide_comment", "hide: nobody reads the comment"),
                    ("hide_card", "hide the card: only the owner reads it"),
                    ("private", "make private: only the owner sees it"),
                    ("disable", "disable: files only for the owner"),
                    ("remove", "remove: nothing of it is there but a notice"),
                    ("friendly_warning", "friendly warning"),
                    ("limit_reached", "limit reached: a warning with consequences"),
                    ("username_reset", "replace the name by a neutral one"),
                    ("posting_ban", "no posting in community tabs for a time"),
                    ("deactivate", "deactivate: no posting in community tabs any more"),
                ],
                max_length=40,
            ),
        ),
        migrations.AddIndex(
            model_name="measure",
            index=models.Index(
                condition=models.Q(models.Q(("until_done", ""), _negated=True), ("lifted_at", None)),
                fields=["subject"],
                name="measure_until_done",
            ),
        ),
        migrations.AddField(
            model_name="standingcondition",
            name="actor",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="standingcondition",
            name="clause",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="policy.clause"
            ),
        ),
        migrations.AddField(
            model_name="standingcondition",
            name="subject",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="conditions",
                to="subjects.subject",
            ),
        ),
        migrations.AddField(
            model_name="standingcondition",
            name="withdrawn_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="standingcondition",
            index=models.Index(fields=["subject", "-created_at"], name="condition_of_subject"),
        ),
        migrations.AddIndex(
            model_name="standingcondition",
            index=models.Index(fields=["decision_id"], name="condition_of_decision"),
        ),
        migrations.AddConstraint(
            model_name="standingcondition",
            constraint=models.UniqueConstraint(
                condition=models.Q(("withdrawn_at", None)),
                fields=("subject", "condition"),
                name="one_standing_condition",
            ),
        ),
        migrations.AddConstraint(
            model_name="standingcondition",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at", None), ("withdrawn_by", None)),
                    models.Q(("withdrawn_at__isnull", False), ("withdrawn_by__isnull", False)),
                    _connector="OR",
                ),
                name="condition_withdrawn_by_somebody",
            ),
        ),
    ]
