from django.db import migrations


def guard(apps, schema_editor):
    apps.get_model("policy", "GuardedMeasure").objects.get_or_create(kind="erase")


class Migration(migrations.Migration):
    """Destroying needs two people; an administrator who wants it otherwise changes it again."""

    dependencies = [("policy", "0007_other_redress")]
    operations = [migrations.RunPython(guard, migrations.RunPython.noop)]
