from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("scoring", "0006_bias_and_secrecy")]

    operations = [
        migrations.AddField(
            "classifier", "absent", models.BooleanField(db_default=False, default=False, editable=False)
        ),
        migrations.AlterField(
            "embedding",
            "model",
            models.CharField(help_text="Embeddings are compared within one model only.", max_length=200),
        ),
    ]
