from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

from moderation.policy.lanes import CHILD_SAFETY


def grant(apps, schema_editor):
    """The people for child safety quarantine, two of them; an administrator who wants it otherwise changes it again."""
    apps.get_model("policy", "GuardedMeasure").objects.get_or_create(kind="quarantine")
    create_permissions(installed.get_app_config("sanctions"), verbosity=0)
    permission = apps.get_model("auth", "Permission").objects.get(
        content_type__app_label="sanctions", codename="quarantine"
    )
    group, _created = apps.get_model("auth", "Group").objects.get_or_create(name=CHILD_SAFETY)
    group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [("policy", "0008_erasure_is_guarded"), ("sanctions", "0014_quarantine")]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
