"""Answers in the public discussion of a report or a measure reach the case (G3)."""

import pytest

from community.actions import add_comment
from moderation.cases.actions import MeasureOrder, StaleDecision, decide
from moderation.cases.feedback import read_changes
from moderation.cases.models import Event
from moderation.sanctions.models import Measure


@pytest.fixture
def open_case(report, repository):
    return report(repository, "spam")


def feedback() -> list[tuple[str, str]]:
    return [(event.actor.username, event.data["comment"]) for event in Event.objects.filter(kind="feedback.given")]


def test_an_answer_to_a_report_reaches_its_case_once(open_case, author):
    comment = add_comment(open_case.case_reports.get().report.discussion, text="I find it useful.", actor=author)
    assert read_changes() == 1
    assert read_changes() == 0
    assert feedback() == [(author.username, comment.public_id.hex)]


def test_an_answer_makes_an_open_decision_stale(open_case, author, moderator):
    add_comment(open_case.case_reports.get().report.discussion, text="I find it useful.", actor=author)
    read_changes()
    with pytest.raises(StaleDecision, match="quentin"):
        decide(open_case, actor=moderator, version=1, outcome="no_violation", explanation="It is not spam at all.")


def test_an_answer_to_a_measure_reaches_the_decided_case(open_case, moderator, owner, clause):
    decide(
        open_case, actor=moderator, version=1, outcome="violation", clause=clause("spam"),
        measures=[MeasureOrder("downgrade")], explanation="The card advertises a shop.",
    )  # fmt: skip
    comment = add_comment(Measure.objects.get().discussion, text="I took the adverts out.", actor=owner)
    read_changes()
    assert feedback() == [(owner.username, comment.public_id.hex)]


def test_ordinary_comments_are_nobody_s_business(case, comment, author):
    add_comment(comment.discussion, text="Another word.", actor=author)
    assert read_changes() == 0
    assert feedback() == []


def test_the_team_s_own_lines_are_no_feedback(open_case, moderator, clause):
    from moderation.cases.actions import lift_measure

    decide(
        open_case, actor=moderator, version=1, outcome="violation", clause=clause("spam"),
        measures=[MeasureOrder("downgrade")], explanation="The card advertises a shop.",
    )  # fmt: skip
    lift_measure(Measure.objects.get(), reason="The adverts are gone.", actor=moderator)
    read_changes()
    assert feedback() == []
