"""A decided case is looked at again (D1)."""

import pytest

from foundation.errors import Forbidden, Refused
from moderation.cases.actions import AnotherIsOpen, MeasureOrder, decide, reopen
from moderation.cases.models import Case
from moderation.cases.queries import ready
from moderation.reports.models import Report
from moderation.sanctions.models import Measure

WHY = "We learned something new about it."


@pytest.fixture
def decided(report, repository, moderator, clause) -> Case:
    case = report(repository, "spam")
    decide(
        case, actor=moderator, version=case.version, outcome="violation", clause=clause("spam"),
        measures=[MeasureOrder("downgrade")], explanation="The card advertises a shop.",
    )  # fmt: skip
    return case


def test_it_lies_in_the_queue_and_what_was_decided_holds(decided, moderator):
    version = decided.version
    reopen(decided, reason=WHY, actor=moderator)
    assert ready(Case.objects.filter(pk=decided.pk)).exists()
    assert (decided.decided_at, decided.version) == (None, version + 1)
    assert Report.objects.get().state == "upheld"
    assert Measure.objects.standing().count() == 1


def test_it_can_be_decided_anew(decided, moderator):
    reopen(decided, reason=WHY, actor=moderator)
    decide(decided, actor=moderator, version=decided.version, outcome="no_violation", explanation="It was changed.")
    assert decided.state == "decided"


def test_not_beside_another_open_case(sign_in, decided, moderator, report, repository, make_user):
    other = report(repository, "spam", by=make_user("ada"))
    with pytest.raises(AnotherIsOpen):
        reopen(decided, reason=WHY, actor=moderator)
    answered = sign_in(moderator).post(f"/cases/{decided.public_id}/reopen", {"reason": WHY})
    assert answered["Location"] == other.get_absolute_url()


def test_not_twice_and_not_without_a_reason(decided, moderator):
    with pytest.raises(Refused, match="sentence"):
        reopen(decided, reason="why", actor=moderator)
    reopen(decided, reason=WHY, actor=moderator)
    with pytest.raises(Refused, match="is open"):
        reopen(decided, reason=WHY, actor=moderator)


def test_only_whoever_may_decide(decided, reporter):
    with pytest.raises(Forbidden):
        reopen(decided, reason=WHY, actor=reporter)


def test_by_the_page(sign_in, decided, moderator):
    client = sign_in(moderator)
    assert "Look at it again" in client.get(decided.get_absolute_url()).content.decode()
    assert client.post(f"/cases/{decided.public_id}/reopen", {"reason": "no"}).status_code == 422
    assert client.post(f"/cases/{decided.public_id}/reopen", {"reason": WHY}).status_code == 303
    assert WHY in client.get(decided.get_absolute_url()).content.decode()
