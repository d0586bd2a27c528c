from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("reports", "0002_indexes")]

    operations = [
        migrations.AlterField(
            model_name="report",
            name="channel",
            field=models.CharField(
                choices=[
                    ("form", "form"),
                    ("api", "API"),
                    ("script", "script"),
                    ("system", "screening by Ombud"),
                ],
                default="form",
                max_length=10,
            ),
        ),
    ]
