import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Messages without an index that others begin with: it is written with every message."""

    dependencies = [("accounts", "0007_guests")]

    operations = [
        migrations.AlterField(
            model_name="inboxmessage",
            name="recipient",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="inbox",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
