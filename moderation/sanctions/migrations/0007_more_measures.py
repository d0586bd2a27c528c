from django.db import migrations, models

KINDS = [
    ("hold", "hold: hidden until we have looked"),
    ("nfaa", "tag “Not For All Audiences”"),
    ("downgrade", "downgrade: left out of trending and feeds"),
    ("private", "make private: only the owner sees it"),
    ("disable", "disable: files only for the owner"),
    ("friendly_warning", "friendly warning"),
    ("posting_ban", "no posting in community tabs for 48 hours"),
    ("deactivate", "deactivate: no posting in community tabs any more"),
]


def keep_confidential(apps, schema_editor):
    """Restrictions under a clause that is never public say no more than that something is restricted (E3)."""
    Measure, Restriction = apps.get_model("sanctions", "Measure"), apps.get_model("repositories", "Restriction")
    of_it = Measure.objects.filter(clause__publicity="no", restriction__isnull=False).exclude(kind="hold")
    Restriction.objects.filter(pk__in=of_it.values("restriction")).update(confidential=True)


class Migration(migrations.Migration):

    dependencies = [
        ("sanctions", "0006_fewer_indexes"),
        ("repositories", "0006_confidential_restrictions"),
    ]

    operations = [
        migrations.AlterField(model_name="measure", name="kind", field=models.CharField(choices=KINDS, max_length=40)),
        migrations.RunPython(keep_confidential, migrations.RunPython.noop),
    ]
