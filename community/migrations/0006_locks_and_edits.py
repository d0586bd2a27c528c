from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """The owner's lock stands beside the team's, and edits are counted among what somebody posts."""

    dependencies = [("community", "0005_places_are_unique")]
    operations = [
        migrations.RemoveConstraint(model_name="discussion", name="discussion_lock_is_whole"),
        migrations.AddField(
            model_name='discussion',
            name='locked_by_owner',
            field=models.BooleanField(default=False, help_text='Holds again when the team unlocks.'),
        ),
        migrations.AddField(
            model_name='discussion',
            name='owner_lock_reason',
            field=models.CharField(blank=True, choices=[('off_topic', 'off topic'), ('heated', 'too heated'), ('resolved', 'resolved'), ('spam', 'spam')], max_length=20),
        ),
        migrations.AddIndex(
            model_name='commentversion',
            index=models.Index(condition=Q(number__gt=1), fields=['author', '-created_at'], name='comment_edit_by_author'),
        ),
        # What is locked and not by the team, the owner locked. No key changes, so no check of one is left to do.
        migrations.RunSQL(
            """
            UPDATE community_discussion SET locked_by_owner = true, owner_lock_reason = lock_reason
            WHERE locked AND NOT locked_by_team
            """,
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name='discussion',
            constraint=models.CheckConstraint(
                condition=(Q(locked=True) & (Q(locked_by_team=True) | Q(locked_by_owner=True)))
                | Q(locked=False, locked_by_team=False, locked_by_owner=False, lock_reason=""),
                name='discussion_lock_is_whole',
            ),
        ),
        migrations.AddConstraint(
            model_name='discussion',
            constraint=models.CheckConstraint(
                condition=Q(locked_by_owner=True) | Q(owner_lock_reason=""), name='discussion_owner_lock_is_whole'
            ),
        ),
    ]
