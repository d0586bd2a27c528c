"""Decided anew: what an earlier decision of the case did is confirmed or ends, and nothing holds twice (D1, E5)."""

from datetime import timedelta

import pytest

from accounts.models import InboxMessage
from accounts.posting import standing_restriction
from foundation import clock
from moderation.appeals.actions import decide_appeal, file_appeal
from moderation.cases.actions import MeasureOrder, confirm_decision, decide, decline, lift_measure
from moderation.cases.actions.orders import Verdict
from moderation.cases.actions.reopen import reopen
from moderation.cases.actions.undo import undo_decision
from moderation.cases.models import Case
from moderation.cases.previewing import preview_decision
from moderation.cases.verify import find_faults
from moderation.sanctions.models import Measure, StatementOfReasons

WORDS = "It advertises a shop."


@pytest.fixture
def judge(clause, moderator):
    """judge(case, "downgrade"): decides it; without kinds "no violation"."""

    def make(case, *kinds, code="spam", actor=moderator, words=WORDS, orders=None):
        row = Case.objects.get(pk=case.pk)
        orders = orders if orders is not None else [MeasureOrder(kind) for kind in kinds]
        return decide(
            row, actor=actor, version=row.version, outcome="violation" if orders else "no_violation",
            clause=clause(code) if orders else None, measures=orders, explanation=words,
        )  # fmt: skip

    return make


@pytest.fixture
def reopened(report, repository, judge, moderator):
    """A case whose repository was left out of lists, opened again."""
    case = report(repository, "spam")
    judge(case, "downgrade")
    case.refresh_from_db()
    reopen(case, reason="We were wrong, I think.", actor=moderator)
    return case


def standing() -> list[str]:
    return sorted(Measure.objects.standing().values_list("kind", flat=True))


def letters(person, key: str) -> list[InboxMessage]:
    return list(InboxMessage.objects.filter(recipient=person, key__startswith=key).order_by("pk"))


def test_it_holds_until_then(reopened):
    assert standing() == ["downgrade"]


def test_no_violation_ends_it_and_they_hear_it(reopened, judge, owner):
    judge(reopened, words="It is no advertising.")
    assert standing() == []
    (letter,) = letters(owner, "lifted:")
    assert "It is no advertising." in letter.body
    assert list(find_faults()) == []


def test_what_is_named_again_goes_on_as_decided_anew(reopened, judge, moderator, owner, clause):
    first = Measure.objects.get()
    until = clock.now() + timedelta(days=3)
    again = judge(reopened, code="malware", orders=[MeasureOrder("downgrade", ends_at=until)])
    (measure,) = Measure.objects.standing()
    assert measure == first
    assert list(again.measures.all()) == [measure]
    assert (measure.clause, measure.ends_at) == (clause("malware"), until)
    assert letters(owner, "lifted:") == []
    assert StatementOfReasons.objects.filter(recipient=owner).count() == 2
    assert list(find_faults()) == []


def test_another_one_takes_its_place(reopened, judge, owner):
    judge(reopened, "nfaa")
    assert standing() == ["nfaa"]
    assert len(letters(owner, "lifted:")) == 1
    assert list(find_faults()) == []


def test_the_preview_shows_what_will_be_said(reopened, moderator, judge, owner, clause):
    verdict = Verdict("violation", clause("spam"), [MeasureOrder("nfaa"), MeasureOrder("downgrade")], WORDS)
    shown = preview_decision(reopened, verdict, actor=moderator)
    judge(reopened, "nfaa", "downgrade")
    sent = letters(owner, "reasons:")[-1] if letters(owner, "reasons:") else InboxMessage.objects.order_by("pk").last()
    assert shown.statements[0].letter.body.splitlines()[0] == sent.body.splitlines()[0]
    assert len(standing()) == 2


def test_a_reporter_was_right_and_it_holds_once(report, repository, judge, owner, reporter, other_moderator, make_user):
    case = report(repository, "spam")
    first = judge(case, "downgrade")
    appeal = file_appeal(first, text="That is far too little for this.", actor=reporter)
    decide_appeal(appeal, state="upheld", answer="We look at it again, indeed.", actor=other_moderator)
    second = judge(case, "downgrade", actor=other_moderator, words="It advertises a shop, indeed.")
    assert standing() == ["downgrade"]
    appeal = file_appeal(second, text="There is no advertising in it at all.", actor=owner)
    third = make_user("third", moderator=True)
    decide_appeal(appeal, state="upheld", answer="There is no advertising, indeed.", actor=third)
    assert standing() == []
    assert list(find_faults()) == []


def test_a_warning_with_consequences_anew(report, comment, judge, author, moderator):
    case = report(comment)
    limit = [MeasureOrder("limit_reached", consequences=("hide", "ban"))]
    judge(case, code="harassment", orders=limit)
    first = set(Measure.objects.values_list("pk", flat=True))
    case.refresh_from_db()
    reopen(case, reason="We were wrong, I think.", actor=moderator)
    judge(case, code="harassment", orders=[MeasureOrder("limit_reached", consequences=("hide",))])
    assert standing() == ["hide_comment", "limit_reached"]
    assert set(Measure.objects.values_list("pk", flat=True)) == first
    assert standing_restriction(author) is None
    hidden = Measure.objects.get(kind="hide_comment")
    assert hidden.part_of.kind == "limit_reached"
    assert len(letters(author, "lifted:")) == 1
    assert list(find_faults()) == []


def test_words_alone_are_not_lifted(report, comment, judge, author, moderator):
    case = report(comment)
    judge(case, "friendly_warning", code="harassment")
    case.refresh_from_db()
    reopen(case, reason="We were wrong, I think.", actor=moderator)
    judge(case)
    assert letters(author, "lifted:") == []


# With a second moderator ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("code", "meanwhile"), [("cryptomining", "hold"), ("malware", "disable")])
def test_it_holds_until_the_new_decision_is_final(reopened, judge, other_moderator, code, meanwhile):
    waiting = judge(reopened, "disable", code=code)
    assert standing() == sorted(["downgrade", meanwhile])
    decline(waiting.confirmation, actor=other_moderator, reason="It mines nothing, look again.")
    assert standing() == ["downgrade"]
    waiting = judge(reopened, "disable", code=code)
    version = Case.objects.get(pk=reopened.pk).version
    confirm_decision(waiting.confirmation, actor=other_moderator, version=version)
    assert standing() == ["disable"]
    assert list(find_faults()) == []


# Taken back -----------------------------------------------------------------------------------------------------------


def test_taken_back_what_it_lifted_holds_again(reopened, judge, moderator, owner):
    old = Measure.objects.get()
    again = judge(reopened)
    assert standing() == []
    undo_decision(again, actor=moderator, reason="We look at it once more.")
    (measure,) = Measure.objects.standing()
    assert (measure.kind, measure.reason, measure.clause) == (old.kind, old.reason, old.clause)
    assert StatementOfReasons.objects.get(recipient=owner).measures.contains(measure)
    assert "downgrade" in letters(owner, "again:")[0].body
    assert list(find_faults()) == []
    judge(reopened)
    assert standing() == []


def test_taken_back_what_it_confirmed_is_as_it_was(reopened, judge, moderator, clause):
    until = clock.now() + timedelta(days=3)
    again = judge(reopened, code="malware", orders=[MeasureOrder("downgrade", ends_at=until), MeasureOrder("nfaa")])
    undo_decision(again, actor=moderator, reason="We look at it once more.")
    (measure,) = Measure.objects.standing()
    assert (measure.kind, measure.clause, measure.ends_at) == ("downgrade", clause("spam"), None)
    assert measure.restriction.ends_at is None
    assert list(find_faults()) == []


def test_what_somebody_lifted_by_hand_stays_lifted(reopened, judge, moderator):
    again = judge(reopened, "downgrade")
    lift_measure(Measure.objects.standing().get(), reason="The advertising is gone.", actor=moderator)
    undo_decision(again, actor=moderator, reason="We look at it once more.")
    assert standing() == []
    assert list(find_faults()) == []
