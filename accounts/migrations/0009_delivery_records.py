from django.db import migrations, models


class Migration(migrations.Migration):
    """What became of each message, on each channel.

    Every column comes with a default of the database, so that no row is rewritten and processes that do not know it
    yet go on writing. What was sent before has no error, and counts as sent by its `done_at`.
    """

    dependencies = [("accounts", "0008_fewer_indexes")]

    operations = [
        migrations.AddField(
            model_name="inboxmessage",
            name="read_through",
            field=models.CharField(
                blank=True, choices=[("page", "page"), ("api", "API")], db_default="", max_length=4
            ),
        ),
        migrations.AddField(
            model_name="maildelivery",
            name="refusals",
            field=models.SmallIntegerField(db_default=0, help_text="How often a server did not take it."),
        ),
        migrations.AddField(
            model_name="maildelivery",
            name="first_error",
            field=models.TextField(blank=True, db_default=""),
        ),
        migrations.AddField(
            model_name="maildelivery",
            name="given_up",
            field=models.BooleanField(db_default=False, help_text="No attempt follows."),
        ),
    ]
