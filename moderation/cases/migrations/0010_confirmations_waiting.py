from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0009_priority_and_walks")]
    operations = [
        migrations.AddIndex(
            model_name="confirmation",
            index=models.Index(
                condition=models.Q(("state", "waiting")), fields=["first_decider"], name="confirmation_waiting"
            ),
        ),
    ]
