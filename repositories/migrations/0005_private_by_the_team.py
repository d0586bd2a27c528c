from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("repositories", "0004_cases_and_queue"),
    ]

    operations = [
        migrations.AddField(
            model_name="repository",
            name="kept_private",
            field=models.BooleanField(db_default=False, default=False, verbose_name="made private by the team"),
        ),
        migrations.AddField(
            model_name="repository",
            name="kept_private_until",
            field=models.DateTimeField(blank=True, help_text="When that ends by itself; empty: not.", null=True),
        ),
        migrations.AlterField(
            model_name="restriction",
            name="kind",
            field=models.CharField(
                choices=[
                    ("downgraded", "downgraded: left out of trending and feeds"),
                    ("private", "made private: only the owner sees it"),
                    ("disabled", "disabled: files only for the owner"),
                    ("nfaa", "not for all audiences"),
                    ("card_held", "card held: hidden until the team has looked"),
                ],
                max_length=20,
            ),
        ),
    ]
