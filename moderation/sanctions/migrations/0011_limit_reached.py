from django.db import migrations, models
from django.db.models import PROTECT, Q

KINDS = [
    ("hold", "hold: hidden until we have looked"),
    ("nfaa", "tag “Not For All Audiences”"),
    ("downgrade", "downgrade: left out of trending and feeds"),
    ("close_discussion", "close the discussion"),
    ("lock_discussion", "lock the discussion: only the team writes in it"),
    ("hide_comment", "hide: nobody reads the comment"),
    ("hide_card", "hide the card: only the owner reads it"),
    ("private", "make private: only the owner sees it"),
    ("disable", "disable: files only for the owner"),
    ("remove", "remove: nothing of it is there but a notice"),
    ("friendly_warning", "friendly warning"),
    ("limit_reached", "limit reached: a warning with consequences"),
    ("username_reset", "replace the name by a neutral one"),
    ("posting_ban", "no posting in community tabs for a time"),
    ("deactivate", "deactivate: no posting in community tabs any more"),
]


class Migration(migrations.Migration):

    dependencies = [
        ("sanctions", "0010_remove"),
        ("accounts", "0010_name_resets"),
    ]

    operations = [
        migrations.AlterField(model_name="measure", name="kind", field=models.CharField(choices=KINDS, max_length=40)),
        migrations.AddField(
            model_name="measure",
            name="part_of",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                help_text="Of a consequence: the measure that it came with.",
                null=True,
                on_delete=PROTECT,
                related_name="parts",
                to="sanctions.measure",
            ),
        ),
        migrations.AddField(
            model_name="measure",
            name="name_reset",
            field=models.OneToOneField(
                blank=True, null=True, on_delete=PROTECT, related_name="+", to="accounts.namereset"
            ),
        ),
        migrations.AddIndex(
            model_name="measure",
            index=models.Index(condition=Q(part_of__isnull=False), fields=["part_of"], name="measure_parts"),
        ),
    ]
