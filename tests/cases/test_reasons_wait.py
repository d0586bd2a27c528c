"""While a second moderator is waited for, what holds says that it does and no reasons, to nobody (D1, E3, G1)."""

import pytest

from accounts.models import InboxMessage
from accounts.posting import explain, standing_restriction
from community.models import Comment, Discussion
from moderation.cases.actions import MeasureOrder, confirm_decision, decide, decline
from moderation.cases.models import Case
from moderation.cases.verify import find_faults
from repositories.models import Restriction

WORDS = "The notebook mines coins on every start."


@pytest.fixture(params=["cryptomining", "malware"])
def code(request):
    """Under the first a guarded measure waits, under the second it holds at once."""
    return request.param


@pytest.fixture
def waiting(report, repository, moderator, clause, code):
    case = report(repository, code, confidential=True)
    decision = decide(
        case, actor=moderator, version=case.version, outcome="violation", clause=clause(code),
        measures=[MeasureOrder("downgrade"), MeasureOrder("disable")], explanation=WORDS,
    )  # fmt: skip
    assert decision.confirmation.state == "waiting"
    return decision.confirmation


@pytest.fixture
def banned(report, comment, moderator, clause):
    case = report(comment, "fraud-phishing")
    decision = decide(
        case, actor=moderator, version=case.version, outcome="violation", clause=clause("fraud-phishing"),
        measures=[MeasureOrder("deactivate")], explanation="He asks people for their passwords.",
    )  # fmt: skip
    return decision.confirmation


def confirmed(confirmation, actor):
    version = Case.objects.get(decisions__confirmation=confirmation).version
    confirm_decision(confirmation, actor=actor, version=version)


def said() -> str:
    comments = Comment.objects.filter(discussion__origin="team").values_list("text", flat=True)
    titles = Discussion.objects.filter(origin="team").values_list("title", flat=True)
    reasons = Restriction.objects.active().values_list("reason", flat=True)
    return "\n".join([*comments, *titles, *reasons])


def test_the_public_reads_no_reason_and_no_clause_before(waiting, clause, client, repository, code):
    words = said()
    page = client.get(repository.get_absolute_url()).content.decode()
    for one in (WORDS, clause(code).title, "we wrote to you how to contest", "disabled access"):
        assert one not in words
        assert one not in page
    assert "second member of our team" in words


def test_it_reads_them_once_it_is_confirmed(waiting, other_moderator, clause, code):
    confirmed(waiting, other_moderator)
    words, public = said(), clause(code).publicity != "no"
    # Of a confidential clause nobody ever reads more than that it is restricted (E3).
    assert (WORDS in words) is public
    assert (clause(code).title in words) is public
    assert ("We disabled access to the files of this repository" in words) is public
    assert Discussion.objects.filter(origin="team").count() == 2
    found = Restriction.objects.active().values_list("reason", "confidential")
    assert {confidential for _reason, confidential in found} == {not public}
    assert not any("second member" in reason for reason, _confidential in found)
    assert list(find_faults()) == []


def test_it_never_reads_them_when_it_is_declined(waiting, other_moderator):
    decline(waiting, actor=other_moderator, reason="It mines nothing, look again.")
    assert WORDS not in said()
    assert "What the owner had chosen holds again" in said()


def test_whoever_cannot_post_reads_the_reason_once_it_is_confirmed(banned, author, other_moderator):
    before = explain(standing_restriction(author))
    assert "passwords" not in before
    assert "second member of our team" in before
    assert "passwords" not in InboxMessage.objects.filter(recipient=author).last().body
    confirmed(banned, other_moderator)
    assert "passwords" in explain(standing_restriction(author))
