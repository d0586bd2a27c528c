"""What the planner must know of the walks of the queue: nearly every case is neither parked nor claimed.

It takes no statistics from partial indexes, and would guess that a third is: then it sorts instead of walking.
"""

from django.db import migrations

STATISTICS = """
CREATE STATISTICS case_unparked ON (COALESCE(parked_until, '1970-01-01 00:00:00+00'::timestamptz)) FROM cases_case;
CREATE STATISTICS case_unclaimed ON (COALESCE(lease_until, '1970-01-01 00:00:00+00'::timestamptz)) FROM cases_case;
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0011_more_walks")]
    operations = [migrations.RunSQL(STATISTICS, "DROP STATISTICS case_unparked; DROP STATISTICS case_unclaimed")]
