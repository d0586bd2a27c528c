"""A counter-statement is over, and people decide at the same instant: one is first, and all agree (C5, L3)."""

import threading
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from accounts.models import InboxMessage
from foundation.errors import Refused
from moderation.cases.actions import MeasureOrder, decide, lift_measure
from moderation.cases.actions.counter import counter, note_suit
from moderation.cases.actions.lift_together import lift_together
from moderation.cases.actions.locking import lock_case
from moderation.cases.actions.reopen import reopen
from moderation.cases.deadlines import act_on_deadlines
from moderation.cases.models import Deadline, Event
from moderation.cases.verify import find_faults
from moderation.intake.claims import file_claim
from moderation.policy.models import Clause
from moderation.reports.actions.claims import Answer, Particulars
from moderation.sanctions.models import Measure
from repositories.models import Restriction
from tests.cases.test_lock_order import SOON, at_once
from tests.conftest import concurrent
from tests.reports.steps import WORDS, case_of

pytestmark = concurrent
THURSDAY = datetime(2037, 11, 19, 15, tzinfo=UTC)
MINE = Answer(
    text="It is my own text.", location="train.txt", name="Nok", address="1 River Road", phone="+66 2 1234",
    good_faith=True, jurisdiction=True, signature="Nok",
)  # fmt: skip


@pytest.fixture
def contradicted(make_repository, owner, reporter, moderator, set_clock):
    """Two repositories, disabled for a claim that their owner contradicted; the ten days are over now."""
    set_clock(THURSDAY)
    found = []
    for name in ("first-novel", "second-novel"):
        particulars = Particulars(
            right="copyright", work="My novel", location="train.txt", name="Iris", email="iris@books.example",
            good_faith=True, accurate=True, signature="Iris",
        )  # fmt: skip
        claim = file_claim(make_repository(name), particulars, request_id=uuid.uuid4(), actor=reporter).claim
        case = case_of(claim.report)
        decide(
            case, actor=moderator, version=case.version, outcome="violation", by_operator=True, explanation=WORDS,
            clause=Clause.objects.get(code="third-party-rights"), measures=[MeasureOrder("disable")],
        )  # fmt: skip
        found.append((case, counter(claim, MINE, actor=owner)))
    set_clock(THURSDAY + timedelta(days=30))
    return found


def lifting(case, statement, actor):
    lift_measure(case.measure, reason="We were wrong about this one.", actor=actor)


def together(case, statement, actor):
    """Both at once, in one transaction that holds both cases."""
    keys = list(Measure.objects.values_list("public_id", flat=True))
    lift_together(keys, reason="We were wrong about these.", actor=actor, request_id=uuid.uuid4())


def anew(case, statement, actor):
    """A second moderator's "no violation", who had the case open since before."""
    decide(case, actor=actor, version=case.version, outcome="no_violation", explanation=WORDS)


def suing(case, statement, actor):
    note_suit(statement, actor=actor)


@pytest.mark.parametrize("other", [lifting, together, anew, suing], ids=["lift", "together", "anew", "suit"])
def test_whoever_is_first_the_others_find_it(other, contradicted, moderator, monkeypatch):
    first, second = contradicted
    for case, _statement in contradicted:
        case.measure = Measure.objects.get(decisions__case=case)
        if other is anew:
            reopen(case, reason="A colleague asked us to look again.", actor=moderator)
        case.refresh_from_db()
    inside, holds = threading.Event(), threading.Event()

    def lift_slowly(measure, **said):
        inside.set()
        holds.wait(SOON / 2)
        return lift_measure(measure, **said)

    monkeypatch.setattr("moderation.cases.actions.counter.lift_measure", lift_slowly)

    def beside():
        """Begins while the first is being restored, and waits for its case."""
        inside.wait(10)
        other(*first, moderator)

    def before():
        """Holds the second case before its deadline is looked at, and does its part a little later."""
        with transaction.atomic():
            if other is not together:  # which takes both, in the order of their ids
                lock_case(second[0])
            inside.wait(10)
            holds.wait(SOON)
            other(*second, moderator)

    restored, late, early = at_once(act_on_deadlines, beside, before)
    assert restored == 2, restored
    for found in (late, early):
        assert found is None or isinstance(found, Refused), repr(found)
    assert not Deadline.objects.filter(kind="restore", done_at=None).exists()
    stands = other is suing and early is None
    assert Restriction.objects.active().count() == Measure.objects.standing().count() == int(stands)
    lifted = Event.objects.filter(kind__in=("measure.lifted", "measures.lifted"))
    said = [key for one in lifted for key in one.data.get("measures", [one.data.get("measure")])]
    assert sorted(said) == sorted(one.public_id.hex for one in Measure.objects.exclude(lifted_at=None))
    for _case, statement in contradicted:
        statement.refresh_from_db()
        assert (statement.restored_at is None) == (statement.suit_filed_at is not None)
    told = InboxMessage.objects.filter(key__startswith="counter-restored:")
    assert told.count() == 2 - int(stands)
    assert list(find_faults()) == []
