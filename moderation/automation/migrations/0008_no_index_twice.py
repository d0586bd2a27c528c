"""An index that another one begins with is written each time and never read: the longer one answers for both."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("automation", "0007_backtests_unlocked"),
    ]

    operations = [
        migrations.AlterField(
            model_name="rulerun",
            name="rule",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="runs", to="automation.rule"
            ),
        ),
    ]
