"""An index that another one begins with is written each time and never read: the longer one answers for both."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0026_guards_read_our_tables"),
        ("policy", "0011_children_and_lives_first"),
        ("sanctions", "0014_quarantine"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="caselink",
            name="first",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="links_to", to="cases.case"
            ),
        ),
        migrations.AlterField(
            model_name="decision",
            name="bulk",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="decisions",
                to="cases.bulkdecision",
            ),
        ),
        migrations.AlterField(
            model_name="decision",
            name="clause",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="policy.clause",
            ),
        ),
        migrations.AlterField(
            model_name="decision",
            name="policy_version",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="policy.policyversion"
            ),
        ),
        migrations.AlterField(
            model_name="decision",
            name="undone_by",
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
            model_name="exposure",
            name="user",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="exposures",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="party",
            name="case",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="parties", to="cases.case"
            ),
        ),
        migrations.AlterField(
            model_name="partymessage",
            name="party",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="messages", to="cases.party"
            ),
        ),
        migrations.AlterField(
            model_name="savedview",
            name="owner",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="saved_views",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(condition=models.Q(("bulk__isnull", False)), fields=["bulk"], name="decision_of_bulk"),
        ),
        migrations.AddIndex(
            model_name="decision",
            index=models.Index(
                condition=models.Q(("undone_by__isnull", False)), fields=["undone_by"], name="decision_undone"
            ),
        ),
        # Of a table that Django makes by itself for a ManyToManyField.
        migrations.RunSQL(
            "DROP INDEX IF EXISTS cases_decision_measures_decision_id_bd93a6bd",
            "CREATE INDEX cases_decision_measures_decision_id_bd93a6bd ON cases_decision_measures (decision_id)",
        ),
        # Of a table that Django makes by itself for a ManyToManyField.
        migrations.RunSQL(
            "DROP INDEX IF EXISTS cases_comfort_opted_out_comfort_id_92ab5c8e",
            "CREATE INDEX cases_comfort_opted_out_comfort_id_92ab5c8e ON cases_comfort_opted_out (comfort_id)",
        ),
    ]
