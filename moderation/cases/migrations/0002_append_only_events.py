from django.db import migrations

from foundation.append_only import protect


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial"), ("foundation", "0002_work")]
    operations = [migrations.RunSQL(*protect("cases_event"))]
