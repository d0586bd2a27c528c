from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("community", "0010_limits"),
    ]

    operations = [
        migrations.AlterField(
            model_name="discussionevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("renamed", "renamed"),
                    ("closed", "closed"),
                    ("reopened", "reopened"),
                    ("opened", "ready for review"),
                    ("locked", "locked"),
                    ("unlocked", "unlocked"),
                    ("pinned", "pinned"),
                    ("unpinned", "unpinned"),
                    ("hidden", "hid a comment"),
                    ("unhidden", "showed a comment again"),
                    ("committed", "committed"),
                    ("merged", "merged"),
                    ("reported", "report opened"),
                    ("measure_taken", "measure taken"),
                    ("measure_lifted", "measure lifted"),
                    ("feedback_asked", "feedback asked"),
                    ("request_met", "request met"),
                    ("request_unmet", "request no longer met"),
                ],
                max_length=20,
            ),
        ),
    ]
