from django.db import migrations


class Migration(migrations.Migration):
    """What is there takes its place in the timelines, and what every comment says is its first version.

    A step of its own: tables whose rows were changed cannot be altered in the same transaction.
    """

    dependencies = [("community", "0003_community_complete")]
    operations = [
        # Every comment takes the place that it had by its time.
        migrations.RunSQL(
            """
            UPDATE community_comment SET position = placed.position FROM (
              SELECT id, row_number() OVER (PARTITION BY discussion_id ORDER BY created_at, id) AS position
              FROM community_comment
            ) AS placed WHERE placed.id = community_comment.id;
            UPDATE community_discussion
            SET last_position = counted.size, comment_count = counted.size, active_at = counted.latest
            FROM (
              SELECT discussion_id, count(*) AS size, max(created_at) AS latest
              FROM community_comment GROUP BY discussion_id
            ) AS counted WHERE counted.discussion_id = community_discussion.id;
            UPDATE community_discussion SET locked_by_team = true WHERE locked;
            """,
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            """
            INSERT INTO community_commentversion (comment_id, number, text, author_id, created_at)
            SELECT id, 1, text, author_id, created_at FROM community_comment
            """,
            "DELETE FROM community_commentversion",
        ),
    ]
