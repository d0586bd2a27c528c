"""A measure ends at its time by itself, whatever is down (E5, F5)."""

from datetime import UTC, datetime, timedelta

import pytest

from accounts.posting import PostingRefused, standing_restriction
from community.actions import add_comment
from moderation.sanctions.models import Measure
from repositories.queries import listed_for

NOON = datetime(2100, 11, 20, 12, tzinfo=UTC)


def test_a_ban_refuses_until_the_second_and_admits_at_it(take, comment, author, set_clock):
    set_clock(NOON)
    take("posting_ban", comment, "harassment")
    set_clock(NOON + timedelta(hours=48, seconds=-1))
    with pytest.raises(PostingRefused):
        add_comment(comment.discussion, text="One second early.", actor=author)
    set_clock(NOON + timedelta(hours=48))
    add_comment(comment.discussion, text="On the dot.", actor=author)
    assert not Measure.objects.standing().exists()


def test_of_two_bans_the_longer_holds(take, comment, author, set_clock):
    set_clock(NOON)
    take("posting_ban", comment, "harassment")
    set_clock(NOON + timedelta(hours=24))
    take("posting_ban", comment, "harassment")
    set_clock(NOON + timedelta(hours=71, minutes=59))
    assert standing_restriction(author) is not None
    set_clock(NOON + timedelta(hours=72))
    assert standing_restriction(author) is None


def test_a_downgrade_of_a_person_has_no_end(take, repository, reporter, set_clock):
    set_clock(NOON)
    assert take("downgrade", repository).ends_at is None
    set_clock(NOON + timedelta(days=3650))
    assert repository not in listed_for(reporter)


def test_what_has_ended_cannot_be_lifted(take, comment, moderator, pass_time):
    from foundation.errors import Refused
    from moderation.sanctions.actions import lift

    measure = take("posting_ban", comment, "harassment")
    pass_time(timedelta(hours=48, seconds=1))
    with pytest.raises(Refused, match="holds no more"):
        lift(measure, reason="Too late for that.", actor=moderator)
