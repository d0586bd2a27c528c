from django.db import migrations, models

WORDS = (
    "Besides, you can turn to a court. Where the law gives you that right, as in the European Union, you can also turn "
    "to a certified body that settles disputes out of court. You need not contest it with us first."
)


class Migration(migrations.Migration):
    """What people can do besides contesting a decision with us (G1).

    The default of the database is that of the model, so that no row is rewritten.
    """

    dependencies = [("policy", "0006_contest_within")]

    operations = [
        migrations.AddField(
            model_name="policyversion",
            name="other_redress",
            field=models.TextField(
                db_default=WORDS,
                default=WORDS,
                help_text="What people can do besides contesting a decision with us, in plain words. Every letter "
                "says it.",
            ),
        ),
    ]
