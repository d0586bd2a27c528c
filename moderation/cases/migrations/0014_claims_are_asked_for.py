"""The database no longer says when a case changed hands: a notification lets transactions commit one by one (D4).

The process that tells open pages asks for it: see moderation/cases/live/reading.py.
"""

from importlib import import_module

from django.db import migrations

before = import_module("moderation.cases.migrations.0008_live_updates")


class Migration(migrations.Migration):
    dependencies = [("cases", "0013_walk_by_track")]
    operations = [migrations.RunSQL(before.DROP, before.CREATE)]
