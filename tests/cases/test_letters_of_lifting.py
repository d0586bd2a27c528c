"""Letters that something holds no more say what it was about, and where our reasons stand (E5, G1)."""

import uuid

import pytest

from accounts.models import InboxMessage
from moderation.cases.actions import MeasureOrder, decide, lift_measure
from moderation.cases.actions.lift_together import lift_together
from moderation.cases.actions.undo import undo_decision
from moderation.cases.letters_of_lifting import MOST_NAMED
from moderation.sanctions.models import Measure

WORDS = "The advertising is gone, all of it."


@pytest.fixture
def decision(report, repository, moderator, clause):
    return decide(
        report(repository, "spam"),
        actor=moderator,
        version=1,
        outcome="violation",
        clause=clause("spam"),
        measures=[MeasureOrder("downgrade")],
        explanation="It advertises a shop.",
    )


def test_of_one_measure(decision, repository, moderator, owner):
    lift_measure(decision.measures.get(), reason=WORDS, actor=moderator)
    letter = InboxMessage.objects.get(recipient=owner, key__startswith="lifted:")
    assert repository.full_name in letter.body.replace("\\", "")
    assert "downgrade" in letter.body
    assert letter.link == f"/appeal/{owner.statements.get().public_id}"


def test_of_a_decision_that_we_took_back(decision, repository, moderator, owner):
    undo_decision(decision, reason=WORDS, actor=moderator)
    letter = InboxMessage.objects.get(recipient=owner, key=f"undone:{decision.public_id}")
    assert repository.full_name in letter.body.replace("\\", "")
    assert letter.link == f"/appeal/{owner.statements.get().public_id}"


def test_of_many(many_cases, moderator, clause, author, discussion, sign_in):
    """The first so many one by one, and how many more there were."""
    for case in many_cases(MOST_NAMED + 2):
        decide(
            case, actor=moderator, version=case.version, outcome="violation", clause=clause("harassment"),
            measures=[MeasureOrder("hide_comment")], explanation="You call people idiots.",
        )  # fmt: skip
    ids = list(Measure.objects.standing().values_list("public_id", flat=True))
    lift_together(ids, reason=WORDS, actor=moderator, request_id=uuid.uuid4())
    letter = InboxMessage.objects.get(recipient=author, key__startswith="lifted-together:")
    assert letter.body.count("- hide: nobody reads the comment: your comment in") == MOST_NAMED
    assert discussion.title in letter.body
    assert "- and 2 more" in letter.body
