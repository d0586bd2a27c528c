"""What a lane holds stays hidden until a decision is final, and holds again once we look anew (C6, C9, D1, E5)."""

import pytest
from django.test import Client

from community.models import Comment
from moderation.appeals.actions import decide_appeal, file_appeal
from moderation.cases.actions import MeasureOrder, confirm_decision, decide, decline
from moderation.cases.actions.reopen import reopen
from moderation.cases.actions.undo import undo_decision
from moderation.cases.models import Case, Deadline
from moderation.cases.verify import find_faults
from moderation.policy.models import Lane
from moderation.sanctions.models import Measure

WORDS = "The data of pupils stands in it, with addresses."
SAID = "My daughter Lin stands there with our whole address in Vientiane."


@pytest.fixture
def held(report, comment):
    """A case of children's data: the comment is hidden at once."""
    case = report(comment, "children-data", text=SAID)
    assert is_hidden(comment)
    return case


@pytest.fixture
def judged(moderator, clause):
    """judged(case, "erase"): what `moderator` decides about children's data; without kinds "no violation"."""

    def make(case, *kinds):
        row = Case.objects.get(pk=case.pk)
        about = clause("children-data") if kinds else None
        return decide(
            row, actor=moderator, version=row.version, outcome="violation" if kinds else "no_violation", clause=about,
            measures=[MeasureOrder(kind) for kind in kinds], explanation=WORDS,
        )  # fmt: skip

    return make


def is_hidden(comment) -> bool:
    return bool(Comment.objects.get(pk=comment.pk).hidden)


def version_of(case) -> int:
    return Case.objects.get(pk=case.pk).version


def holds() -> list[Measure]:
    return list(Measure.objects.standing().filter(kind="hold"))


@pytest.mark.parametrize("kinds", [("erase",), ("deactivate",), ("deactivate", "friendly_warning")])
def test_it_is_hidden_while_a_second_one_is_waited_for_and_after_they_declined(
    held, comment, judged, other_moderator, kinds
):
    decision = judged(held, *kinds)
    assert decision.confirmation.after
    assert is_hidden(comment)
    decline(decision.confirmation, actor=other_moderator, reason="I am not sure that these are children.")
    held.refresh_from_db()
    assert held.state == "open"
    assert is_hidden(comment)
    assert held.deadlines.filter(kind=Deadline.Kind.INTERIM_REVIEW, settled_at=None).exists()
    assert list(find_faults()) == []


def test_it_is_shown_once_the_decision_is_final(held, comment, judged, other_moderator):
    decision = judged(held, "deactivate")
    confirm_decision(decision.confirmation, actor=other_moderator, version=version_of(held))
    assert not is_hidden(comment)
    assert holds() == []
    assert list(find_faults()) == []


def test_material_of_the_minors_lane_stays_hidden_when_its_quarantine_is_declined(report, comment, make_user, clause):
    guardians = [make_user(name, moderator=True) for name in ("gwen", "gita")]
    Lane.objects.get(code="minors").group.user_set.add(*guardians)
    case = report(comment, "minors-sexual-content", text="Please look.")
    decision = decide(
        case, actor=guardians[0], version=case.version, outcome="violation", clause=clause("minors-sexual-content"),
        measures=[MeasureOrder("quarantine")], explanation="It is what this clause is about.",
    )  # fmt: skip
    decline(decision.confirmation, actor=guardians[1], reason="Take only the comment, not the whole.")
    case.refresh_from_db()
    assert (case.state, case.lane.code) == ("open", "minors")
    assert Client().get(f"/api/v1/comments/{comment.public_id}").json()["text"] == ""
    assert list(find_faults()) == []


def test_taken_back_after_it_was_confirmed_it_is_hidden_again(held, comment, judged, moderator, other_moderator):
    decision = judged(held, "deactivate", "hide_comment")
    confirm_decision(decision.confirmation, actor=other_moderator, version=version_of(held))
    undo_decision(decision, actor=moderator, reason="We look at it once more.")
    assert is_hidden(comment)
    assert list(find_faults()) == []


def test_once_a_reporter_was_right_it_is_hidden_again(
    held, comment, judged, reporter, other_moderator, report, make_user
):
    decision = judged(held)
    assert not is_hidden(comment)
    appeal = file_appeal(decision, text="It is my daughter, she is nine.", actor=reporter)
    decide_appeal(appeal, state="upheld", answer="It is a child, we look again.", actor=other_moderator)
    held.refresh_from_db()
    assert held.state == "open"
    assert is_hidden(comment)
    report(comment, "children-data", text=SAID, by=make_user("father"))
    assert is_hidden(comment)
    assert len(holds()) == 1
    assert list(find_faults()) == []


def test_a_reporter_was_right_while_it_was_reported_again(
    held, comment, judged, reporter, other_moderator, report, make_user
):
    """The new case is the one that is open: there it is held, although its content was looked at once."""
    decision = judged(held)
    appeal = file_appeal(decision, text="It is my daughter, she is nine.", actor=reporter)
    newer = report(comment, "children-data", text=SAID, by=make_user("father"))
    assert newer != held
    assert not is_hidden(comment)
    decide_appeal(appeal, state="upheld", answer="It is a child, we look again.", actor=other_moderator)
    assert is_hidden(comment)
    assert holds()[0].decisions.get().case == newer
    assert list(find_faults()) == []


def test_opened_again_it_is_hidden_again(held, comment, judged, moderator):
    judged(held)
    held.refresh_from_db()
    reopen(held, reason="A school wrote to us, they are pupils.", actor=moderator)
    assert is_hidden(comment)
    assert held.deadlines.filter(kind=Deadline.Kind.INTERIM_REVIEW, settled_at=None).exists()
    held.refresh_from_db()
    judged(held)
    assert not is_hidden(comment)
    assert list(find_faults()) == []
