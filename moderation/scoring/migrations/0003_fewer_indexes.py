import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Requests for scores without an index that another begins with: each is written with every first report."""

    dependencies = [("scoring", "0002_cases_and_queue")]

    operations = [
        migrations.AlterField(
            model_name="scorerequest",
            name="snapshot",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="score_requests",
                to="subjects.snapshot",
            ),
        ),
    ]
