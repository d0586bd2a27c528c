"""A report that comes while the team ends its public discussion adds nothing there (B3, C2)."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from community.actions import set_locked
from community.models import Comment, Discussion
from moderation.reports.models import Report
from tests.conftest import concurrent
from tests.reports.steps import reported


def waiting():
    """How many sessions wait for a lock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                       " AND wait_event_type = 'Lock'")  # fmt: skip
        return cursor.fetchone()[0]


@concurrent
def test_a_report_that_waited_for_the_lock_is_no_comment(repository, reporter, author, moderator):
    reported(repository, reporter, clause="spam", text="It advertises a shop.")

    def report_too():
        try:
            return reported(repository, author, clause="spam", text="The same shop again.")
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            set_locked(Discussion.objects.get(), True, actor=moderator)
            coming = pool.submit(report_too)
            end = time.monotonic() + 10
            while not waiting():
                if time.monotonic() > end:
                    pytest.fail("The report did not wait for the discussion.")
                time.sleep(0.01)
        coming.result(10)
    assert Report.objects.exclude(discussion=None).count() == 2
    assert not Comment.objects.filter(text__contains="again").exists()
