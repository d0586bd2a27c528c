"""Letting a case wait until a moment, or until something new happens (D4)."""

from datetime import timedelta

import pytest

from accounts.queries import system_actor
from foundation import clock
from foundation.errors import Refused
from moderation.cases.actions import MeasureOrder, add_note, ask_owner, decide, snooze, wake
from moderation.cases.deadlines import act_on_deadlines
from moderation.cases.models import Case, Deadline
from moderation.cases.queries import ready

DAY = timedelta(days=1)


@pytest.fixture
def snoozed(case, moderator) -> Case:
    snooze(case, until=clock.now() + 2 * DAY, reason="They said they would change it.", actor=moderator)
    return case


def in_queue(case: Case) -> bool:
    return ready(Case.objects.filter(pk=case.pk)).exists()


def test_it_leaves_the_queue_and_comes_back_though_no_worker_runs(snoozed, pass_time):
    assert not in_queue(snoozed)
    pass_time(2 * DAY + timedelta(seconds=1))
    assert in_queue(snoozed)


def test_the_worker_tidies_up(snoozed, pass_time):
    pass_time(2 * DAY + timedelta(seconds=1))
    act_on_deadlines()
    snoozed.refresh_from_db()
    assert (snoozed.parked, snoozed.parked_until) == ("", None)


def test_something_new_brings_it_back(snoozed, report, comment, make_user, pass_time):
    report(comment, by=make_user("ada"))
    assert in_queue(snoozed)
    assert not Deadline.objects.filter(kind="snooze", settled_at=None).exists()


def test_our_own_notes_do_not(snoozed, moderator):
    add_note(snoozed, text="Still waiting.", actor=moderator)
    assert not in_queue(snoozed)


def test_asking_somebody_takes_its_place(report, repository, moderator, pass_time):
    case = report(repository, "toxic-speech-artifacts")
    snooze(case, until=clock.now() + DAY, reason="Let us see.", actor=moderator)
    ask_owner(case, text="What is it for?", actor=moderator)
    pass_time(DAY + timedelta(hours=1))
    act_on_deadlines()
    case.refresh_from_db()
    assert case.parked == "owner"


def test_it_can_be_woken(sign_in, snoozed, moderator):
    assert "Bring it back now" in sign_in(moderator).get(snoozed.get_absolute_url()).content.decode()
    assert sign_in(moderator).post(f"/cases/{snoozed.public_id}/wake").status_code == 303
    assert in_queue(snoozed)
    wake(snoozed, actor=moderator)  # nothing more happens


@pytest.mark.parametrize("days", [-1, 0, 31])
def test_within_thirty_days(case, moderator, days):
    with pytest.raises(Refused, match="next 30 days"):
        snooze(case, until=clock.now() + days * DAY, reason="Let us see.", actor=moderator)


def test_not_beyond_the_moment_by_which_somebody_must_look(case, moderator, clause):
    decide(
        case, actor=system_actor(), version=case.version, outcome="violation", clause=clause("harassment"),
        measures=[MeasureOrder("posting_ban")], explanation="A rule saw it, for the time being.", interim=True,
    )  # fmt: skip
    with pytest.raises(Refused, match="earlier moment"):
        snooze(case, until=clock.now() + 2 * DAY, reason="Let us see.", actor=moderator)
    snooze(case, until=clock.now() + timedelta(hours=2), reason="Let us see.", actor=moderator)


def test_a_deadline_that_comes_later_ends_it_earlier(snoozed, clause):
    from moderation.cases.actions.closing import ask_for_review

    ask_for_review(snoozed, clock.now())
    assert snoozed.parked_until == snoozed.due_at


def test_by_the_page_in_the_readers_zone(sign_in, case, moderator):
    moderator.time_zone = "Asia/Bangkok"
    moderator.save(update_fields=["time_zone"])
    until = (clock.now() + 2 * DAY).replace(hour=2, minute=30, second=0, microsecond=0)
    data = {"until": (until + timedelta(hours=7)).strftime("%Y-%m-%dT%H:%M"), "reason": "They change it."}
    client = sign_in(moderator)
    assert client.post(f"/cases/{case.public_id}/snooze", {**data, "until": "soon"}).status_code == 422
    assert client.post(f"/cases/{case.public_id}/snooze", data).status_code == 303
    case.refresh_from_db()
    assert case.parked_until == until
