from django.apps import apps as installed
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.db import migrations, models

import moderation.automation.conditions


def convert(apps, schema_editor):
    """What a rule looked for until now, a label with confidence and so many reporters, as conditions."""
    for rule in apps.get_model("automation", "Rule").objects.all():
        score = {"kind": "score", "label": rule.label, "level": "confident"}
        reporters = {"kind": "reporters", "comparison": "at_least", "number": rule.reporters}
        rule.conditions = {"groups": [{"match": "all", "conditions": [score, reporters]}]}
        rule.save(update_fields=["conditions"])


def convert_back(apps, schema_editor):
    """As far as the earlier columns can say it: the first label and the first number of reporters."""
    for rule in apps.get_model("automation", "Rule").objects.all():
        every = [one for group in rule.conditions["groups"] for one in group["conditions"]]
        rule.label = next((one["label"] for one in every if one["kind"] == "score"), "")
        rule.reporters = next((one["number"] for one in every if one["kind"] == "reporters"), 3)
        if not rule.label:
            rule.mode = "off"
        rule.save(update_fields=["label", "reporters", "mode"])


# What runs remember of their facts, by the names of conditions.
FACTS = """
UPDATE automation_rulerun SET facts = jsonb_build_object(
    'score:' || (facts ->> 'label'), facts -> 'value', 'reporters', facts -> 'reporters')
WHERE facts ? 'label'
"""


def grant(apps, schema_editor):
    """Moderators write rules; who lets one act is another permission."""
    create_permissions(installed.get_app_config("automation"), verbosity=0)
    group = apps.get_model("auth", "Group").objects.get(name="Moderators")
    permissions = apps.get_model("auth", "Permission").objects.filter(
        content_type__app_label="automation", codename__in=("change_rule",)
    )
    group.permissions.add(*permissions)


class Migration(migrations.Migration):
    dependencies = [
        ("automation", "0004_rules_earn_it"),
        ("cases", "0003_moderators"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            "rule", "conditions",
            models.JSONField(default=dict, help_text="Groups of conditions.",
                             validators=[moderation.automation.conditions.validate_conditions]),
            preserve_default=False,
        ),
        migrations.RunPython(convert, convert_back),
        migrations.RunSQL(FACTS, migrations.RunSQL.noop),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
