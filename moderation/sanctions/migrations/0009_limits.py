from django.db import migrations, models
from django.db.models import PROTECT

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
    ("friendly_warning", "friendly warning"),
    ("posting_ban", "no posting in community tabs for a time"),
    ("deactivate", "deactivate: no posting in community tabs any more"),
]


class Migration(migrations.Migration):

    dependencies = [
        ("sanctions", "0008_hidden_by_decision"),
        ("community", "0010_limits"),
    ]

    operations = [
        migrations.AlterField(model_name="measure", name="kind", field=models.CharField(choices=KINDS, max_length=40)),
        migrations.AddField(
            model_name="measure",
            name="limit",
            field=models.OneToOneField(blank=True, null=True, on_delete=PROTECT, related_name="+", to="community.limit"),
        ),
    ]
