from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

SIDES = [
    ("author", "its author"),
    ("owner", "the owner side"),
    ("team", "the team"),
    ("hold", "the team, until it has looked"),
    ("verdict", "the team, by a decision"),
]
CATEGORIES = [
    ("abuse", "abuse"),
    ("spam", "spam"),
    ("off_topic", "off topic"),
    ("outdated", "outdated"),
    ("duplicate", "duplicate"),
    ("resolved", "resolved"),
    ("withdrawn", "withdrawn by its author"),
    ("review", "waits for the team to look"),
    ("rules", "our content policy"),
]


class Migration(migrations.Migration):

    dependencies = [
        ("community", "0008_holds_that_end"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="hiding", name="side", field=models.CharField(choices=SIDES, max_length=10)
        ),
        migrations.AlterField(
            model_name="hiding", name="category", field=models.CharField(choices=CATEGORIES, max_length=20)
        ),
        migrations.RemoveConstraint(model_name="hiding", name="one_hiding_a_side"),
        migrations.AddConstraint(
            model_name="hiding",
            constraint=models.UniqueConstraint(
                condition=Q(lifted_at=None) & ~Q(side="verdict"),
                fields=("comment", "side"),
                name="one_hiding_a_side",
            ),
        ),
    ]
