from django.db import migrations
from django.db.models.functions import Now
from django.utils.translation import gettext_noop as _

from moderation.policy.clauses import CLAUSES

FIELDS = (
    "code", "title", "track", "severity", "default_measures", "publicity", "second_moderator", "automation",
    "eu_category", "text",
)


def load(apps, schema_editor):
    Clause = apps.get_model("policy", "Clause")
    for order, values in enumerate(CLAUSES, start=1):
        Clause.objects.create(order=order, **dict(zip(FIELDS, values, strict=True)))
    # The first version was posted before anybody came: it is in force from the start.
    apps.get_model("policy", "PolicyVersion").objects.create(
        number=1, summary=_("The first version."), posted_at=Now(), effective_at=Now()
    )


class Migration(migrations.Migration):
    dependencies = [("policy", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
