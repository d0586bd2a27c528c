import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Measures without the indexes that others begin with: each is written with every measure."""

    dependencies = [("sanctions", "0005_cases_and_queue")]

    operations = [
        migrations.AlterField(
            model_name="measure",
            name="subject",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="measures",
                to="subjects.subject",
            ),
        ),
        migrations.AlterField(
            model_name="measure",
            name="person",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="Whom a sanction concerns; empty for measures on repositories.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sanctions",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
