from django.db import migrations, models


class Migration(migrations.Migration):
    """The index of parked cases, by the one column that says so: with two the planner took them for far fewer."""

    dependencies = [
        ("cases", "0016_threads_of_organizations"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="case",
            name="case_parked_lane",
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("parked_until__isnull", False), ("state", "open")),
                fields=["parked_until", "id", "reserved"],
                name="case_parked_lane",
            ),
        ),
    ]
