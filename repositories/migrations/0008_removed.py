from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("repositories", "0007_hidden_cards"),
    ]

    operations = [
        migrations.AddField(
            model_name="repository",
            name="removed",
            field=models.BooleanField(db_default=False, default=False, verbose_name="removed by the team"),
        ),
        migrations.AddField(
            model_name="repository",
            name="removed_until",
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
                    ("card_hidden", "card hidden: only the owner reads it"),
                    ("removed", "removed: nothing of it is there but a notice"),
                ],
                max_length=20,
            ),
        ),
    ]
