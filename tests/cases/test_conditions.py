"""Measures that end once the owner did something, and conditions under which a repository stays (E5)."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import transaction

from accounts.models import InboxMessage
from community.models import Comment
from foundation.errors import Forbidden, Refused
from foundation.models import Change
from moderation.cases.actions import MeasureOrder, decide, lift_measure, withdraw_condition
from moderation.cases.actions.confirmations import confirm_decision
from moderation.cases.actions.undo import undo_decision
from moderation.cases.conditions import check_conditions
from moderation.cases.confirming import waiting_for
from moderation.cases.models import Case, Event
from moderation.cases.overview import asked_of
from moderation.cases.verify import find_faults
from moderation.policy.models import Clause, Lane
from moderation.reports.models import Report
from moderation.sanctions.measures import KINDS
from moderation.sanctions.models import Measure, StandingCondition
from repositories.actions import change_settings, commit
from repositories.models import Condition

RISKS = b"---\nlicense: mit\n---\n# Tiny\n\n## Risks\n\nIt repeats insults that stand in the data it learned from.\n"
WORDS = "It repeats slurs, and anybody can take it."


@pytest.fixture
def reported(report, repository) -> Case:
    return report(repository, "spam")


@pytest.fixture
def judge(reported, moderator, clause):
    """judge(MeasureOrder("downgrade", …), conditions=[…]): decides the case as it stands."""

    def decided(*orders: MeasureOrder, **changes):
        reported.refresh_from_db()
        values = {
            "actor": moderator, "version": reported.version, "outcome": "violation", "clause": clause("spam"),
            "measures": orders, "explanation": WORDS,
        }  # fmt: skip
        return decide(reported, **{**values, **changes})

    return decided


def gate(repository, owner, how="manual"):
    change_settings(repository, gating=how, actor=owner)
    check_conditions()


@pytest.mark.parametrize("kind", ["downgrade", "private"])
def test_it_ends_by_itself_once_the_owner_did_it(judge, kind, repository, owner, reported):
    decision = judge(MeasureOrder(kind, until_done="gated"))
    check_conditions()
    measure = decision.measures.get()
    assert measure.lifted_at is None
    letter = InboxMessage.objects.get(recipient=owner, key__startswith="statement:")
    assert "access to the files is gated by its owner" in letter.body
    gate(repository, owner)
    measure.refresh_from_db()
    assert (measure.lifted_by.is_system, measure.restriction.lifted_at is not None) == (True, True)
    repository.refresh_from_db()
    assert (repository.gating, repository.listed, repository.kept_private) == ("manual", True, False)
    assert Event.objects.get(case=reported, kind="measure.lifted").data["kind"] == kind
    assert "ended by itself" in Comment.objects.filter(discussion=measure.discussion).latest("position").text
    assert InboxMessage.objects.filter(recipient=owner, key=f"lifted:{measure.public_id}").exists()
    assert list(find_faults()) == []


def test_a_hidden_card_comes_back_when_it_is_documented(judge, repository, owner):
    judge(MeasureOrder("hide_card", until_done="documented"))
    check_conditions()
    commit(repository, {"README.md": RISKS}, actor=owner, message="Say what can go wrong")
    check_conditions()
    repository.refresh_from_db()
    assert "It repeats insults" in repository.card
    assert not Measure.objects.standing().exists()


def test_what_a_human_lifted_is_not_touched(judge, repository, owner, moderator):
    measure = judge(MeasureOrder("downgrade", until_done="gated")).measures.get()
    lift_measure(measure, reason="We misread the card.", actor=moderator)
    gate(repository, owner)
    measure.refresh_from_db()
    assert (measure.lifted_by, measure.lift_reason) == (moderator, "We misread the card.")


def test_it_is_done_at_the_moment_it_begins(judge, repository, owner):
    """The owner chooses it while we decide: what is looked at after the commit finds it done."""
    judge(MeasureOrder("downgrade", until_done="gated"))
    change_settings(repository, gating="auto", actor=owner)
    Change.objects.filter(kind="repository.changed").order_by("-pk").first().delete()
    check_conditions()
    assert not Measure.objects.standing().exists()


def test_what_would_lift_it_says_it(judge):
    measure = judge(MeasureOrder("downgrade", until_done="tagged")).measures.get()
    kind = KINDS[measure.kind]
    assert "“Not For All Audiences”" in kind.what_would_lift_it(measure)
    assert "“Not For All Audiences”" in kind.duration(measure)


@pytest.mark.parametrize(
    ("order", "words"),
    [
        (MeasureOrder("hide_card", until_done="gated"), "cannot wait for that"),
        (MeasureOrder("nfaa", until_done="private"), "cannot wait for that"),
        (MeasureOrder("friendly_warning", until_done="gated"), "cannot wait for that"),
        (MeasureOrder("downgrade", until_done="gated", lasts=timedelta(hours=4)), "not both"),
        (MeasureOrder("downgrade", until_done="polished"), "cannot wait for that"),
    ],
    ids=["card", "tag", "warning", "both", "unknown"],
)
def test_what_cannot_be_waited_for_is_refused(judge, order, words):
    with pytest.raises(Refused, match=words):
        judge(order)
    assert not Measure.objects.exists()


def test_what_is_done_already_is_nothing_to_wait_for(judge, repository, owner):
    gate(repository, owner)
    with pytest.raises(Refused, match="did this already"):
        judge(MeasureOrder("downgrade", until_done="gated"))


def test_a_second_moderator_confirms_the_same_end(judge, reported, other_moderator, repository, owner):
    Clause.objects.filter(code="spam").update(second_moderator="yes")
    reported.clause.refresh_from_db()
    judge(MeasureOrder("disable", until_done="gated"), conditions=["gated"], clause=Clause.objects.get(code="spam"))
    waiting = waiting_for(reported)
    assert not StandingCondition.objects.exists()
    reported.refresh_from_db()
    decision = confirm_decision(waiting, actor=other_moderator, version=reported.version)
    assert decision.measures.get(kind="disable").until_done == "gated"
    assert StandingCondition.objects.get().decision_id == decision.public_id
    gate(repository, owner)
    assert not Measure.objects.standing().exists()


def test_the_same_request_says_the_same_end(judge):
    key = uuid.uuid4()
    order = MeasureOrder("downgrade", until_done="gated")
    first = judge(order, request_id=key, conditions=["gated"])
    again = judge(order, request_id=key, conditions=["gated"])
    assert (again.pk, again.made_before) == (first.pk, True)
    for changes in ({}, {"conditions": ["private"]}):
        with pytest.raises(Refused, match="sent before"):
            judge(order, request_id=key, **changes)
    with pytest.raises(Refused, match="sent before"):
        judge(MeasureOrder("downgrade"), request_id=key, conditions=["gated"])


def test_an_interim_measure_is_confirmed_until_it_is_done(reported, moderator, clause, repository, owner):
    from accounts.queries import system_actor

    decide(
        reported, actor=system_actor(), version=reported.version, outcome="violation", clause=clause("spam"),
        measures=[MeasureOrder("downgrade")], explanation=WORDS, interim=True,
    )  # fmt: skip
    reported.refresh_from_db()
    decide(
        reported, actor=moderator, version=reported.version, outcome="violation", clause=clause("spam"),
        measures=[MeasureOrder("downgrade", until_done="gated")], explanation=WORDS,
    )  # fmt: skip
    measure = Measure.objects.get()
    assert (measure.interim, measure.ends_at, measure.until_done) == (False, None, "gated")
    gate(repository, owner)
    measure.refresh_from_db()
    assert measure.lifted_at is not None


@pytest.fixture
def condition(judge, repository, owner) -> StandingCondition:
    """Hosted only while gated: kept since the owner gated it."""
    judge(MeasureOrder("downgrade", until_done="gated"), conditions=["gated"])
    check_conditions()
    gate(repository, owner)
    return StandingCondition.objects.get()


def test_it_outlives_its_measure_and_is_told(condition, owner):
    assert (condition.state, condition.kept_since is not None) == ("kept", True)
    assert not Measure.objects.standing().exists()
    letter = InboxMessage.objects.get(recipient=owner, key=f"condition:{condition.public_id}")
    assert "gated by its owner" in letter.body


def test_of_a_lane_for_named_people_nobody_else_reads_it(condition, reported, moderator):
    lane = Lane.objects.create(code="named", title="Named", order=90, group=Group.objects.create(name="Named"))
    case = Case.objects.get(pk=reported.pk)
    assert asked_of(case, moderator).conditions == [condition]
    Case.objects.filter(pk=reported.pk).update(lane=lane, reserved=True)
    assert asked_of(case, moderator).conditions == []


def test_breaking_it_reopens_the_case_once(condition, reported, repository, owner):
    gate(repository, owner, "none")
    reported.refresh_from_db()
    condition.refresh_from_db()
    assert (reported.state, condition.state) == (Case.State.OPEN, "broken")
    kinds = list(Event.objects.filter(case=reported).order_by("number").values_list("kind", flat=True))
    assert kinds[-2:] == ["case.reopened", "condition.broken"]
    commit(repository, {"README.md": RISKS}, actor=owner, message="Say what can go wrong")
    check_conditions()
    assert Event.objects.filter(kind="condition.broken").count() == 1


def test_the_queue_says_that_it_was_broken(condition, repository, owner, sign_in, moderator):
    gate(repository, owner, "none")
    assert "a condition was broken" in sign_in(moderator).get("/cases").content.decode()
    gate(repository, owner)
    assert "a condition was broken" not in sign_in(moderator).get("/cases").content.decode()


def test_each_break_is_told_once(condition, reported, repository, owner, moderator):
    for times in (1, 2):
        gate(repository, owner, "none")
        assert Event.objects.filter(kind="condition.broken").count() == times
        gate(repository, owner)
    # While the case is open it is told there, without opening it twice.
    assert Event.objects.filter(kind="case.reopened").count() == 1


def test_what_nobody_else_sees_breaks_nothing(condition, reported, repository, owner):
    change_settings(repository, gating="none", visibility="private", actor=owner)
    check_conditions()
    condition.refresh_from_db()
    assert condition.state == "kept"


def test_withdrawn_it_is_nobody_s_business(condition, reported, repository, owner, moderator, reporter, sign_in):
    with pytest.raises(Forbidden):
        withdraw_condition(condition, reason="I would rather not have it.", actor=owner)
    with pytest.raises(Refused, match="why it holds no more"):
        withdraw_condition(condition, reason="no", actor=moderator)
    Report.objects.update(confidential=True)
    place = f"/cases/{reported.public_id}/conditions/{condition.public_id}"
    named = {"reason": f"{reporter.username} told us that the data was taken out."}
    answer = sign_in(moderator).post(place, named)
    assert (answer.status_code, 'name="naming"' in answer.content.decode()) == (422, True)
    with transaction.atomic():
        assert sign_in(moderator).post(place, named | {"naming": "on"}).status_code == 303
        condition.refresh_from_db()
        assert condition.state == "withdrawn"
        transaction.set_rollback(True)
    withdraw_condition(condition, reason="The data behind it was taken out.", actor=moderator)
    with pytest.raises(Refused, match="already"):
        withdraw_condition(condition, reason="The data behind it was taken out.", actor=moderator)
    gate(repository, owner, "none")
    reported.refresh_from_db()
    assert reported.state == Case.State.DECIDED
    assert Event.objects.filter(case=reported, kind="condition.withdrawn").exists()
    assert InboxMessage.objects.filter(recipient=owner, key=f"condition-withdrawn:{condition.public_id}").exists()


def test_taking_the_decision_back_takes_its_conditions_back(judge, repository, owner, moderator):
    decision = judge(MeasureOrder("downgrade", until_done="gated"), conditions=["gated"])
    undo_decision(decision, actor=moderator, reason="That was another repository.")
    assert StandingCondition.objects.get().withdrawn_by == moderator


def test_no_violation_may_stand_under_a_condition(judge, repository, owner, reported):
    gate(repository, owner)
    judge(outcome="no_violation", clause=None, conditions=["gated"])
    assert StandingCondition.objects.get().clause == reported.clause
    gate(repository, owner, "none")
    reported.refresh_from_db()
    assert reported.state == Case.State.OPEN


@pytest.mark.parametrize(
    ("conditions", "words"),
    [(["gated"], "not so now"), (["polished"], "each condition once"), (["private", "private"], "each condition once")],
)
def test_a_condition_that_cannot_hold_is_refused(judge, conditions, words):
    with pytest.raises(Refused, match=words):
        judge(MeasureOrder("downgrade"), conditions=conditions)
    assert not StandingCondition.objects.exists()


def test_the_same_condition_stands_once(condition, reported, repository, owner, judge):
    gate(repository, owner, "none")
    judge(MeasureOrder("downgrade", until_done="gated"), conditions=["gated"])
    assert StandingCondition.objects.filter(withdrawn_at=None).count() == 1


def test_every_condition_has_words():
    assert all(Condition(code).label for code in Condition.values)


def test_the_owner_reads_it_on_their_standing(condition, sign_in, owner, reporter):
    text = sign_in(owner).get("/standing").content.decode()
    assert "On which conditions your repositories stay" in text
    assert "Access to the files is gated by its owner" in text
    assert "On which conditions" not in sign_in(reporter).get("/standing").content.decode()


@pytest.mark.parametrize(("about", "says"), [("spam", True), ("harassment", False)])
def test_the_public_reads_why_it_ended_only_where_it_read_what_it_was(
    about, says, report, repository, moderator, clause, owner
):
    """Of a confidential clause nobody reads what we waited for (E3)."""
    case = report(repository, about)
    orders = [MeasureOrder("downgrade", until_done="gated")]
    words = "It is about one person by name."
    decide(
        case, actor=moderator, version=case.version, outcome="violation", clause=clause(about), measures=orders,
        explanation=words,
    )  # fmt: skip
    change_settings(repository, actor=owner, gating="manual")
    check_conditions()
    assert not Measure.objects.standing().exists()
    said = " ".join(Comment.objects.filter(discussion__origin="team").values_list("text", flat=True))
    assert ("did what this waited for" in said) == says
    assert "We lifted this measure" in said or says
