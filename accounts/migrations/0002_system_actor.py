from django.db import migrations


def create(apps, schema_editor):
    user = apps.get_model("accounts", "User").objects.create(
        username="ombud", fullname="Ombud", password="!system", email="", is_active=True
    )
    apps.get_model("accounts", "Namespace").objects.create(name="ombud", user=user)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(create, migrations.RunPython.noop)]
