from django.db import migrations
from django.utils.translation import gettext_noop as _

RULES = [
    {
        "code": "toxic-comment",
        "title": _("Confident toxicity and three independent reporters: no posting for 48 hours"),
        "subject_kinds": ["comment", "discussion"],
        "label": "toxicity",
        "clause": "harassment",
        "measure": "posting_ban",
        "explanation": _(
            "Several people reported what you wrote, and our classifier is confident that it attacks people. "
            "A moderator will look at it soon."
        ),
    },
    {
        "code": "spam-repository",
        "title": _("Confident spam and three independent reporters: downgrade"),
        "subject_kinds": ["repository"],
        "label": "spam",
        "clause": "spam",
        "measure": "downgrade",
        "explanation": _(
            "Several people reported this repository as spam, and our classifier is confident that it is. "
            "A moderator will look at it soon."
        ),
    },
]


def load(apps, schema_editor):
    Clause = apps.get_model("policy", "Clause")
    for values in RULES:
        clause = Clause.objects.get(code=values["clause"])
        apps.get_model("automation", "Rule").objects.create(**{**values, "clause": clause}, mode="shadow", reporters=3)


class Migration(migrations.Migration):
    dependencies = [("automation", "0001_initial"), ("policy", "0002_clauses")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
