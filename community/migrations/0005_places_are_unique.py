from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("community", "0004_places")]
    operations = [
        migrations.AddConstraint(
            model_name='comment',
            constraint=models.UniqueConstraint(fields=('discussion', 'position'), name='comment_position'),
        ),
        migrations.AddConstraint(
            model_name='discussion',
            constraint=models.CheckConstraint(condition=models.Q(('locked', True), models.Q(('lock_reason', ''), ('locked_by_team', False)), _connector='OR'), name='discussion_lock_is_whole'),
        ),
    ]
