import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Whether a person is at risk, without reading all of their cases; events without an index that another begins."""

    dependencies = [("cases", "0017_parked_lane")]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("at_risk", True), ("state", "open")), fields=["author"], name="case_at_risk"
            ),
        ),
        migrations.AlterField(
            model_name="event",
            name="case",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="events", to="cases.case"
            ),
        ),
    ]
