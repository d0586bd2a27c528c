from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("repositories", "0005_private_by_the_team"),
    ]

    operations = [
        migrations.AddField(
            model_name="restriction",
            name="confidential",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="The page says that it is restricted, and no more, but to its owner.",
            ),
        ),
    ]
