"""An index that another one begins with is written each time and never read: the longer one answers for both."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("appeals", "0006_guards_read_our_tables"),
        ("cases", "0026_guards_read_our_tables"),
    ]

    operations = [
        migrations.AlterField(
            model_name="appeal",
            name="decision",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="appeals", to="cases.decision"
            ),
        ),
        # Of a table that Django makes by itself for a ManyToManyField.
        migrations.RunSQL(
            "DROP INDEX IF EXISTS appeals_appeal_lifted_appeal_id_8a6e2908",
            "CREATE INDEX appeals_appeal_lifted_appeal_id_8a6e2908 ON appeals_appeal_lifted (appeal_id)",
        ),
    ]
