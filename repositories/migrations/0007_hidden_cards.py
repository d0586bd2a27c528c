from django.db import migrations, models

KINDS = [
    ("downgraded", "downgraded: left out of trending and feeds"),
    ("private", "made private: only the owner sees it"),
    ("disabled", "disabled: files only for the owner"),
    ("nfaa", "not for all audiences"),
    ("card_held", "card held: hidden until the team has looked"),
    ("card_hidden", "card hidden: only the owner reads it"),
]


class Migration(migrations.Migration):

    dependencies = [
        ("repositories", "0006_confidential_restrictions"),
    ]

    operations = [
        migrations.AlterField(
            model_name="restriction", name="kind", field=models.CharField(choices=KINDS, max_length=20)
        ),
    ]
