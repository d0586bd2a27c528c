from django.db import migrations, models


class Migration(migrations.Migration):
    """What the mail of a letter opens without signing in; no row is rewritten."""

    dependencies = [("accounts", "0010_name_resets")]

    operations = [
        migrations.AddField(
            model_name="inboxmessage",
            name="signed_path",
            field=models.CharField(
                blank=True,
                db_default="",
                help_text="What its mail also opens without signing in, by a signed link that is stored nowhere.",
                max_length=200,
            ),
        ),
    ]
