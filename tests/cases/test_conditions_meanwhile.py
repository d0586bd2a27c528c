"""What an owner changes while a condition is being set (E5)."""

import pytest

from foundation import changes
from foundation.models import Change
from moderation.cases import conditions
from moderation.cases.actions import MeasureOrder, decide
from moderation.cases.actions.confirmations import confirm_decision
from moderation.cases.conditions import check_conditions
from moderation.cases.confirming import waiting_for
from moderation.cases.models import Case, Event
from moderation.policy.models import Clause
from moderation.sanctions.models import StandingCondition
from repositories.actions import change_settings

WORDS = "It repeats slurs, and anybody can take it."


@pytest.fixture
def reported(report, repository) -> Case:
    return report(repository, "spam")


@pytest.fixture
def judge(reported, moderator):
    """judge("disable", until_done="gated"): decides that it stays only while gated."""

    def decided(*kinds: str, until_done: str = ""):
        reported.refresh_from_db()
        return decide(
            reported, actor=moderator, version=reported.version, outcome="violation",
            clause=Clause.objects.get(code="spam"), explanation=WORDS, conditions=["gated"],
            measures=[MeasureOrder(kind, until_done=until_done) for kind in kinds],
        )  # fmt: skip

    return decided


@pytest.fixture
def confirm(reported, other_moderator):
    def confirmed():
        reported.refresh_from_db()
        confirm_decision(waiting_for(reported), actor=other_moderator, version=reported.version)
        check_conditions()
        reported.refresh_from_db()
        return StandingCondition.objects.get()

    return confirmed


def gate(repository, owner, how="manual"):
    change_settings(repository, gating=how, actor=owner)
    check_conditions()


def test_broken_while_a_second_moderator_was_awaited_it_is_taken_up(judge, confirm, repository, owner, reported):
    gate(repository, owner)
    judge("disable")
    gate(repository, owner, "none")
    assert (confirm().state, reported.state) == ("broken", Case.State.OPEN)
    kinds = Event.objects.filter(case=reported).order_by("number").values_list("kind", flat=True)
    assert list(kinds)[-2:] == ["case.reopened", "condition.broken"]


def test_what_a_measure_waits_for_is_not_broken_by_that(judge, confirm, repository, owner, reported):
    judge("disable", until_done="gated")
    assert (confirm().kept_since, reported.state) == (None, Case.State.DECIDED)


def test_one_that_was_set_since_we_locked_is_left_to_its_own_change(
    judge, confirm, repository, owner, reported, monkeypatch
):
    gate(repository, owner)
    judge("disable")
    confirm()
    lock = conditions._lock_cases
    monkeypatch.setattr(conditions, "_lock_cases", lambda subject: [])
    gate(repository, owner, "none")
    assert not Change.objects.filter(kind="repository.changed", done_at=None).exists()
    assert StandingCondition.objects.get().state == "kept"
    monkeypatch.setattr(conditions, "_lock_cases", lock)
    changes.tell("repository.changed", repository.pk, actor_id=owner.pk)
    check_conditions()
    reported.refresh_from_db()
    assert reported.state == Case.State.OPEN
