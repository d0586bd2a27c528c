"""Count what was decided before there were records of reporters."""

from django.db import migrations

COUNT = """
    INSERT INTO reports_reporterrecord (reporter_id, clause_id, upheld, decided, bad_faith)
    SELECT reporter_id, clause_id, count(*) FILTER (WHERE state = 'upheld'), count(*), count(*) FILTER (WHERE bad_faith)
    FROM reports_report
    WHERE state IN ('upheld', 'rejected')
        AND channel IN ('form', 'api', 'script', 'mail', 'social', 'phone', 'authority')
    GROUP BY reporter_id, clause_id
    ON CONFLICT (reporter_id, clause_id) DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0004_cases_and_queue")]

    operations = [migrations.RunSQL(COUNT, migrations.RunSQL.noop)]
