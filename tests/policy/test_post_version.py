"""A change of the policy takes effect ten days after it is posted (J1)."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from foundation import clock
from foundation.errors import Forbidden, Refused
from moderation.policy.actions import post_version
from moderation.policy.models import PolicyVersion
from moderation.policy.queries import version_in_force
from tests.conftest import concurrent
from tests.reports.steps import case_of, decided, reported

DAY = timedelta(days=1)


def test_it_takes_effect_after_ten_days(admin, pass_time):
    posted = post_version(summary="Clearer words.", actor=admin)
    assert (posted.number, posted.effective_at - posted.posted_at) == (2, 10 * DAY)
    pass_time(10 * DAY - timedelta(minutes=1))
    assert version_in_force().number == 1
    pass_time(timedelta(minutes=2))
    assert version_in_force() == posted


def test_decisions_cite_the_version_in_force(admin, moderator, comment, discussion, reporter, pass_time):
    first = decided(case_of(reported(comment, reporter)), moderator)
    posted = post_version(summary="Clearer words.", actor=admin)
    pass_time(11 * DAY)
    second = decided(case_of(reported(discussion, reporter)), moderator)
    assert (first.policy_version.number, second.policy_version) == (1, posted)


def test_a_later_moment_may_be_chosen_and_a_sooner_one_not(admin):
    later = clock.now() + 30 * DAY
    assert post_version(summary="Clearer words.", effective_at=later, actor=admin).effective_at == later
    with pytest.raises(Refused, match="ten days"):
        post_version(summary="At once.", effective_at=clock.now() + 9 * DAY, actor=admin)
    assert PolicyVersion.objects.count() == 2


def test_the_database_refuses_a_sooner_one_too(db):
    now = clock.now()
    with pytest.raises(IntegrityError, match="ten_days"), transaction.atomic():
        PolicyVersion.objects.create(number=2, summary="At once.", posted_at=now, effective_at=now + 9 * DAY)


@pytest.mark.parametrize("who", ["moderator", "owner"])
def test_only_administrators_post(who, db, request):
    with pytest.raises(Forbidden, match="administrator"):
        post_version(summary="Mine.", actor=request.getfixturevalue(who))


@concurrent
def test_two_posted_at_once_get_two_numbers(admin):
    def post(number):
        try:
            return post_version(summary=f"Version by {number}", actor=admin).number
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(post, range(4))) == [2, 3, 4, 5]
