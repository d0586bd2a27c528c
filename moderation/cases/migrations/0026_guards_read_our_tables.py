"""What forbids decisions reads our tables, not those that a session made for itself (J6)."""

from django.db import migrations

from foundation.guards import pin


class Migration(migrations.Migration):
    dependencies = [("cases", "0025_judged_by")]
    operations = [pin("cases_decided_by_another", "cases_decided_without_stake")]
