"""An index that another one begins with is written each time and never read: the longer one answers for both."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0013_no_index_twice"),
        ("community", "0013_no_index_twice"),
        ("policy", "0011_children_and_lives_first"),
        ("repositories", "0011_no_index_twice"),
        ("sanctions", "0014_quarantine"),
        ("subjects", "0006_quarantine"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="measure",
            name="clause",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="policy.clause"
            ),
        ),
        migrations.AlterField(
            model_name="measure",
            name="discussion",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="community.discussion",
            ),
        ),
        migrations.AlterField(
            model_name="measure",
            name="lifted_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="measure",
            name="policy_version",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="policy.policyversion"
            ),
        ),
        migrations.AlterField(
            model_name="statementofreasons",
            name="clause",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="policy.clause"
            ),
        ),
        migrations.AlterField(
            model_name="statementofreasons",
            name="policy_version",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="policy.policyversion"
            ),
        ),
        migrations.AddIndex(
            model_name="measure",
            index=models.Index(
                condition=models.Q(("lifted_by__isnull", False)), fields=["lifted_by"], name="measure_lifted_by"
            ),
        ),
        migrations.AddIndex(
            model_name="measure",
            index=models.Index(
                condition=models.Q(("discussion__isnull", False)), fields=["discussion"], name="measure_in_discussion"
            ),
        ),
        # Of a table that Django makes by itself for a ManyToManyField.
        migrations.RunSQL(
            "DROP INDEX IF EXISTS sanctions_statementofreaso_statementofreasons_id_541927fd",
            "CREATE INDEX sanctions_statementofreaso_statementofreasons_id_541927fd "
            "ON sanctions_statementofreasons_measures (statementofreasons_id)",
        ),
    ]
