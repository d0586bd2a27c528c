from django.db import migrations, models
from django.db.models import Q

# Hidings and limits that end were there before this column.
FILL = """
UPDATE community_discussion SET unsettled_at = found.ends_at FROM (
    SELECT id, min(ends_at) AS ends_at FROM (
        SELECT comment.discussion_id AS id, hiding.ends_at
        FROM community_hiding hiding JOIN community_comment comment ON comment.id = hiding.comment_id
        WHERE hiding.lifted_at IS NULL AND hiding.ends_at IS NOT NULL
        UNION ALL SELECT discussion_id, ends_at FROM community_limit WHERE lifted_at IS NULL AND ends_at IS NOT NULL
    ) timed GROUP BY id
) found WHERE community_discussion.id = found.id
"""


class Migration(migrations.Migration):

    dependencies = [("community", "0011_requests_met")]

    operations = [
        migrations.AddField(
            model_name="discussion",
            name="unsettled_at",
            field=models.DateTimeField(
                blank=True, help_text="When the next of its timed hidings and limits ends.", null=True
            ),
        ),
        migrations.AddIndex(
            model_name="discussion",
            index=models.Index(
                condition=Q(unsettled_at__isnull=False),
                fields=["repository", "unsettled_at"],
                name="discussion_unsettled",
            ),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop, elidable=True),
    ]
