"""Whoever decided a measure that ends by itself hears of its end, once: on the case, in its lane, by a letter (E5)."""

from datetime import timedelta

import pytest

from accounts.models import InboxMessage
from moderation.cases.actions import MeasureOrder, decide, lift_measure
from moderation.cases.actions.answers import read_answers
from moderation.cases.actions.undo import undo_decision
from moderation.cases.deadlines import act_on_deadlines
from moderation.cases.models import Case, Deadline, Event
from moderation.cases.overview import describe
from moderation.cases.queries import answered
from moderation.sanctions.models import Measure

WORDS = "You called people idiots and told them to shut up."
ENDED = timedelta(hours=48, seconds=1)


@pytest.fixture
def banned(case, moderator, clause):
    """A decision: no posting for 48 hours, and a warning, which has no end."""
    return decide(
        case, actor=moderator, version=case.version, outcome="violation", clause=clause("harassment"),
        measures=[MeasureOrder("posting_ban"), MeasureOrder("friendly_warning")], explanation=WORDS,
    )  # fmt: skip


def reminded(person) -> list[InboxMessage]:
    return list(InboxMessage.objects.filter(recipient=person, key__startswith="measure-ended:"))


def events() -> list[Event]:
    return list(Event.objects.filter(kind="measure.ended"))


def test_not_before_its_end(banned, moderator, pass_time):
    pass_time(timedelta(hours=47, minutes=59))
    act_on_deadlines()
    assert (reminded(moderator), events()) == ([], [])


def test_once_at_its_end_whatever_runs_again(banned, moderator, other_moderator, pass_time):
    pass_time(ENDED)
    assert act_on_deadlines() == 1
    assert act_on_deadlines() == 0
    Deadline.objects.update(done_at=None)  # as if its work had not been noted
    act_on_deadlines()
    (letter,) = reminded(moderator)
    assert "no posting in community tabs for a time" in letter.body
    assert "How do I load this?" in letter.body
    assert "Name(" not in letter.body
    assert letter.link == banned.case.get_absolute_url()
    assert reminded(other_moderator) == []
    assert [one.what for one in describe(events())] == ["Ended by itself: no posting in community tabs for a time"]


def test_its_case_waits_for_a_reader(banned, moderator, pass_time, sign_in):
    pass_time(ENDED)
    act_on_deadlines()
    assert list(answered(Case.objects.all())) == [banned.case]
    page = sign_in(moderator).get(banned.case.get_absolute_url()).content.decode()
    assert "1 piece of news waits for us" in page
    read_answers(banned.case, actor=moderator, seen=events()[0].number)
    assert not answered(Case.objects.all()).exists()


@pytest.mark.parametrize("how", ["lift", "undo"])
def test_of_a_lifted_one_nothing_is_said(how, banned, moderator, pass_time):
    if how == "lift":
        lift_measure(Measure.objects.get(kind="posting_ban"), reason="Too hard on them.", actor=moderator)
    else:
        undo_decision(banned, actor=moderator, reason="We chose the wrong case.")
    pass_time(ENDED)
    act_on_deadlines()
    assert (reminded(moderator), events()) == ([], [])


def test_what_ends_in_a_case_that_was_decided_anew_is_said(banned, moderator, clause, pass_time):
    case = Case.objects.get(pk=banned.case_id)
    case.state = Case.State.OPEN
    case.save()
    again = decide(
        case, actor=moderator, version=case.version, outcome="violation", clause=clause("harassment"),
        measures=[MeasureOrder("posting_ban"), MeasureOrder("friendly_warning")], explanation=WORDS,
    )  # fmt: skip
    pass_time(ENDED)
    act_on_deadlines()
    assert len(reminded(moderator)) == len(events()) == 1
    assert not again.case.deadlines.filter(kind="measure_ended", done_at=None)


def test_a_rules_measure_is_reviewed_and_reminds_nobody(report, repository, moderator, clause, pass_time):
    from accounts.queries import system_actor

    case = report(repository, "spam")
    decide(
        case, actor=system_actor(), version=case.version, outcome="violation", clause=clause("spam"),
        measures=[MeasureOrder("downgrade")], explanation=WORDS, interim=True,
    )  # fmt: skip
    assert not case.deadlines.filter(kind="measure_ended").exists()
