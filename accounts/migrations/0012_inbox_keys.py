"""Letters are found by key, by its beginning, and by the appeal they lead to: by whoever erases what they quote (C6)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0011_signed_path")]
    operations = [
        migrations.AddIndex(
            model_name="inboxmessage",
            index=models.Index(fields=["key"], name="inbox_by_key", opclasses=["varchar_pattern_ops"]),
        ),
        migrations.AddIndex(
            model_name="inboxmessage",
            index=models.Index(
                condition=models.Q(("link__startswith", "/appeals/")), fields=["link"], name="inbox_of_appeal"
            ),
        ),
    ]
