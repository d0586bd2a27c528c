"""A new account that used up its posts of the hour is reported once a day."""

from datetime import UTC, datetime, timedelta

import pytest

from community.actions import add_comment
from foundation import changes
from foundation.errors import Refused
from moderation.automation.models import Finding
from moderation.automation.screening import screen_texts, throttle
from moderation.cases.actions import decide
from moderation.cases.models import Case
from moderation.reports.models import Report


@pytest.fixture(autouse=True)
def _three_posts_an_hour(settings):
    settings.NEW_ACCOUNT_POSTS_PER_HOUR = 3


@pytest.fixture
def use_up(discussion):
    """use_up(person): posts until the limit, returns the comments; the next one is refused."""

    def write(person):
        comments = [add_comment(discussion, text=f"Number {number}", actor=person) for number in range(3)]
        with pytest.raises(Refused):
            add_comment(discussion, text="One more", actor=person)
        return comments

    return write


def test_who_reached_the_limit_is_reported_with_what_was_posted(use_up, newcomer):
    comments = use_up(newcomer)
    screen_texts()
    report = Report.objects.get()
    assert (report.subject.user, report.clause.code, report.channel) == (newcomer, "spam", "system")
    first, *addresses = report.text.split("\n")
    assert first == throttle.WORDS
    assert [any(str(one.public_id) in address for address in addresses) for one in comments] == [True] * 3
    assert Finding.objects.get().count == 3


def test_one_post_less_is_no_report(discussion, newcomer):
    for number in range(2):
        add_comment(discussion, text=f"Number {number}", actor=newcomer)
    screen_texts()
    assert not Report.objects.exists()


def test_old_accounts_have_no_such_limit(discussion, author):
    for number in range(4):
        add_comment(discussion, text=f"Number {number}", actor=author)
    screen_texts()
    assert not Report.objects.exists()


def test_once_a_day(use_up, newcomer, set_clock, moderator):
    noon = datetime(2030, 5, 2, 12, tzinfo=UTC)
    newcomer.date_joined = noon
    newcomer.save()
    for hours, reports in ((0, 1), (2, 1), (24, 2)):
        set_clock(noon + timedelta(hours=hours))
        use_up(newcomer)
        screen_texts()
        assert Report.objects.count() == reports
        for case in Case.objects.filter(state="open"):
            words = "This person only asked many questions."
            decide(case, actor=moderator, version=case.version, outcome="no_violation", explanation=words)


def test_a_second_day_joins_the_report_that_is_still_open(use_up, newcomer, pass_time):
    use_up(newcomer)
    screen_texts()
    pass_time(timedelta(days=1))
    use_up(newcomer)
    screen_texts()
    assert Report.objects.count() == 1
    assert set(Finding.objects.values_list("report", flat=True)) == {Report.objects.get().pk}
    assert Finding.objects.count() == 2


def test_told_twice_is_reported_once(newcomer):
    for _again in range(2):
        changes.tell("throttle.reached", newcomer.pk, actor_id=newcomer.pk)
    assert screen_texts() == 2
    assert Report.objects.count() == 1
