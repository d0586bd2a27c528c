import uuid

import django.db.models.deletion
import django.db.models.functions.text
import foundation.clock
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):

    dependencies = [("accounts", "0009_delivery_records")]

    operations = [
        migrations.CreateModel(
            name="NameReset",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("public_id", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("former", models.CharField(help_text="Only the team and its holder read it.", max_length=96)),
                ("given", models.CharField(help_text="Neutral, made by us.", max_length=96)),
                ("created_at", models.DateTimeField(db_default=foundation.clock.Now())),
                (
                    "chosen_at",
                    models.DateTimeField(blank=True, help_text="When its holder chose another name.", null=True),
                ),
                ("lifted_at", models.DateTimeField(blank=True, null=True)),
                (
                    "namespace",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="resets", to="accounts.namespace"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(django.db.models.functions.text.Lower("former"), name="name_reset_former"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(chosen_at=None, lifted_at=None), fields=("namespace",), name="one_name_to_choose"
                    ),
                ],
            },
        ),
    ]
