from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

# Permissions are listed once, with the role that has them (architecture, "Permissions").
MODERATORS = [
    ("cases", "view_queue"),
    ("cases", "decide"),
    ("sanctions", "add_measure"),
]


def grant(apps, schema_editor):
    for label in {label for label, _codename in MODERATORS}:
        create_permissions(installed.get_app_config(label), verbosity=0)
    group, _created = apps.get_model("auth", "Group").objects.get_or_create(name="Moderators")
    Permission = apps.get_model("auth", "Permission")
    for label, codename in MODERATORS:
        group.permissions.add(Permission.objects.get(content_type__app_label=label, codename=codename))


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0002_append_only_events"),
        ("sanctions", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
