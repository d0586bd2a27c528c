"""When a digest is due: at eight o'clock where its reader is, whatever happens to the clocks there."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from hypothesis import given
from hypothesis import strategies as some

from accounts.models import User
from community.actions import add_comment
from community.digests import Rhythm, due_at
from community.mailing import send_due_digests
from community.notifying import notify

BERLIN, BANGKOK = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Bangkok")
FIRST, LAST = datetime(2025, 1, 1), datetime(2035, 1, 1)  # noqa: DTZ001 - the strategy adds the zone


@pytest.mark.parametrize(
    ("now", "rhythm", "zone", "due"),
    [
        ("2026-06-10T05:59Z", "daily", BERLIN, "2026-06-10T06:00Z"),
        ("2026-06-10T06:00Z", "daily", BERLIN, "2026-06-11T06:00Z"),
        ("2026-03-28T12:00Z", "daily", BERLIN, "2026-03-29T06:00Z"),  # summer time begins that night
        ("2026-10-24T12:00Z", "daily", BERLIN, "2026-10-25T07:00Z"),  # and ends
        ("2026-10-24T12:00Z", "weekly", BERLIN, "2026-10-26T07:00Z"),
        ("2026-06-08T06:00Z", "weekly", BERLIN, "2026-06-15T06:00Z"),  # a Monday at 08:00
        ("2026-06-07T23:30Z", "weekly", BANGKOK, "2026-06-08T01:00Z"),  # Monday has begun there
        ("2026-06-10T05:59Z", "soon", BERLIN, "2026-06-10T06:14Z"),
    ],
)
def test_when_a_mail_is_due(now, rhythm, zone, due):
    assert due_at(rhythm, zone, datetime.fromisoformat(now)) == datetime.fromisoformat(due)


ZONES = ["UTC", "Europe/Berlin", "Asia/Bangkok", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Kiritimati"]


@given(some.datetimes(FIRST, LAST, timezones=some.just(UTC)), some.sampled_from(ZONES))
def test_a_daily_mail_comes_at_eight_within_a_day_and_a_weekly_one_on_a_monday(now, name):
    zone = ZoneInfo(name)
    daily, weekly = due_at(Rhythm.DAILY, zone, now), due_at(Rhythm.WEEKLY, zone, now)
    assert now < daily <= now + timedelta(hours=25)
    assert daily <= weekly <= now + timedelta(days=7, hours=1)
    assert daily.astimezone(zone).hour == weekly.astimezone(zone).hour == 8
    assert weekly.astimezone(zone).weekday() == 0


def test_it_goes_out_in_the_morning_of_its_reader_across_summer_time(set_clock, discussion, author, reporter):
    User.objects.filter(pk=author.pk).update(time_zone="Europe/Berlin")
    set_clock(datetime(2026, 3, 28, 12, tzinfo=UTC))
    add_comment(discussion, text="News.", actor=reporter)
    notify()
    set_clock(datetime(2026, 3, 29, 5, 59, tzinfo=UTC))
    assert send_due_digests() == 0
    set_clock(datetime(2026, 3, 29, 6, 0, tzinfo=UTC))
    send_due_digests()
    assert [one.to for one in mail.outbox] == [[author.email]]
    assert "28 March 2026, 13:00 (CET)" in mail.outbox[0].body
