"""What forbids answers to appeals reads our tables, not those that a session made for itself (J6)."""

from django.db import migrations

from foundation.guards import pin


class Migration(migrations.Migration):
    dependencies = [("appeals", "0005_without_stake")]
    operations = [pin("appeals_decided_by_another", "appeals_decided_without_stake")]
