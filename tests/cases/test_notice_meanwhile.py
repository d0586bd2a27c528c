"""What somebody is told while a second moderator looks, and what follows once that one answers (G1)."""

import pytest

from accounts.models import InboxMessage
from moderation.cases.actions import MeasureOrder, confirm_decision, decide, decline
from moderation.cases.models import Case
from moderation.sanctions.models import Measure, StatementOfReasons

WORDS = "The files open a door for strangers."


@pytest.fixture
def waiting(report, moderator, clause):
    """waiting(target, "malware", "disable"): what mira decided, as it waits for somebody else."""

    def make(target, code, *kinds):
        case = report(target, code)
        return decide(
            case, actor=moderator, version=case.version, outcome="violation", clause=clause(code),
            measures=[MeasureOrder(kind) for kind in kinds], explanation=WORDS,
            override="People are harmed by it right now.", insufficient="Nobody could answer in time.",
        ).confirmation  # fmt: skip

    return make


def letters(person) -> list[str]:
    """Beginnings of the keys of what a person got, oldest first."""
    rows = InboxMessage.objects.filter(recipient=person).order_by("pk")
    return [key.partition(":")[0] for key in rows.values_list("key", flat=True)]


def version(waiting) -> int:
    return Case.objects.get(decisions__confirmation=waiting).version


def test_whom_it_holds_for_learns_it_at_once(waiting, repository, owner, reporter):
    waiting(repository, "malware", "disable", "friendly_warning")
    [letter] = InboxMessage.objects.filter(recipient=owner)
    for words in ("Nothing is final yet", "A second member of our team looks at it, by", "What it covers", "How long"):
        assert words in letter.body
    for words in (WORDS, "Malware", "clause", "friendly warning", "mira"):
        assert words not in letter.body
    assert not InboxMessage.objects.filter(recipient=reporter).exists()


def test_confirmed_the_statement_follows(waiting, repository, owner, reporter, other_moderator):
    one = waiting(repository, "malware", "disable")
    confirm_decision(one, actor=other_moderator, version=version(one))
    assert letters(owner) == ["holds", "statement"]
    assert letters(reporter) == ["outcome"]


def test_declined_it_is_taken_back(waiting, repository, owner, reporter, other_moderator):
    decline(waiting(repository, "malware", "disable"), actor=other_moderator, reason="A test file of a scanner.")
    assert letters(owner) == ["holds", "lifted"]
    assert "took it back" in InboxMessage.objects.get(recipient=owner, key__startswith="lifted:").body
    assert not StatementOfReasons.objects.exists()
    assert letters(reporter) == []


def test_a_hold_in_its_place_is_told_and_its_end_too(waiting, comment, author, other_moderator):
    one = waiting(comment, "harassment", "deactivate")
    assert letters(author) == ["holds"]
    assert "deactivate" not in InboxMessage.objects.get(recipient=author).body
    decline(one, actor=other_moderator, reason="A warning is enough here.")
    assert letters(author) == ["holds", "lifted"]
    assert not Measure.objects.standing().exists()


def test_where_nothing_holds_yet_nobody_hears(waiting, discussion, author, moderator, report, clause):
    """A hold that stands already was told; the deactivation waits."""
    from moderation.sanctions.actions import impose

    case = report(discussion, "harassment")
    impose("hold", case.subject, clause=clause("harassment"), reason=WORDS, actor=moderator)
    decide(
        case, actor=moderator, version=case.version, outcome="violation", clause=clause("harassment"),
        measures=[MeasureOrder("deactivate")], explanation=WORDS,
    )  # fmt: skip
    assert letters(author) == []
