"""A rule acts when people agreed with it often enough, and goes back to shadow when they do no more (I2)."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import InboxMessage
from accounts.queries import system_actor
from community.actions import add_comment
from foundation import clock
from foundation.errors import Forbidden, Refused
from moderation.automation.actions import change_rule, switch_rule, watch_rules
from moderation.automation.models import Rule, RuleRun, RuleSwitch
from moderation.automation.record import Record, record_of
from moderation.automation.rules import evaluate_rules
from moderation.cases.actions import MeasureOrder, decide, lift_measure
from moderation.cases.models import Case
from moderation.sanctions.models import Measure


@pytest.fixture
def rule(db) -> Rule:
    """The rule about toxic comments, which needs two decisions and four of five agreed with."""
    Rule.objects.exclude(code="toxic-comment").update(mode="off")
    Rule.objects.filter(code="toxic-comment").update(floor=0.8, enough=2, hourly_limit=2)
    return Rule.objects.get(code="toxic-comment")


@pytest.fixture
def held(rule, reported, discussion, make_user):
    """held(): the rule's conditions hold for another comment, by somebody new; the case."""

    def hold() -> Case:
        number = RuleRun.objects.count()
        comment = add_comment(
            discussion, text=f"You are idiots, all {number} of you.", actor=make_user(f"rude{number}")
        )
        case = reported(comment)
        evaluate_rules()
        case.refresh_from_db()
        return case

    return hold


@pytest.fixture
def judge(moderator, clause):
    """judge(case, "posting_ban"): a person finds a violation and takes this; without a measure, there is none."""

    def decide_it(case: Case, *kinds: str) -> None:
        case.refresh_from_db()
        asked: dict[str, Any] = {"outcome": "no_violation"}
        if kinds:
            orders = [MeasureOrder(kind) for kind in kinds]
            asked = {"outcome": "violation", "clause": clause("harassment"), "measures": orders}
        decide(case, actor=moderator, version=case.version, explanation="We read it.", **asked)

    return decide_it


def test_a_rule_that_nobody_reviewed_cannot_go_live(rule, admin, held, judge):
    with pytest.raises(Refused) as refusal:
        switch_rule(rule, "live", actor=admin)
    assert refusal.value.code == "not_proven"
    judge(held(), "posting_ban")
    with pytest.raises(Refused) as refusal:
        switch_rule(rule, "live", actor=admin)
    assert refusal.value.code == "not_proven"
    judge(held(), "posting_ban")
    assert switch_rule(rule, "live", actor=admin).mode == "live"
    (row,) = RuleSwitch.objects.all()
    assert (row.rule, row.mode, row.reason, row.actor) == (rule, "live", "person", admin)


def test_a_rule_that_people_disagree_with_cannot_go_live(rule, admin, held, judge):
    judge(held(), "posting_ban")
    judge(held())
    with pytest.raises(Refused) as refusal:
        switch_rule(rule, "live", actor=admin)
    assert refusal.value.code == "not_precise"
    assert "1 of 2" in str(refusal.value)
    assert "80 %" in str(refusal.value)
    rule.refresh_from_db()
    assert rule.mode == "shadow"


@pytest.mark.parametrize(
    ("kinds", "agreed"),
    [(["posting_ban"], 1), (["hide_comment"], 1), (["friendly_warning"], 0), (["friendly_warning", "posting_ban"], 1)],
)
def test_agreed_is_who_took_as_much(rule, held, judge, kinds, agreed):
    judge(held(), *kinds)
    assert record_of(rule) == Record(1, agreed)


def test_what_was_decided_before_it_ran_says_nothing(rule, held, judge):
    case = held()
    judge(case, "posting_ban")
    RuleRun.objects.update(ran_at=clock.now() + timedelta(minutes=1))
    assert record_of(rule) == Record(0, 0)


def test_other_conditions_begin_another_record(rule, admin, held, judge):
    for _ in range(2):
        judge(held(), "posting_ban")
    switch_rule(rule, "live", actor=admin)
    rule.refresh_from_db()
    rule.title = "Another title"
    change_rule(rule, ["title"], actor=admin)
    assert Rule.objects.get(pk=rule.pk).mode == "live"
    rule.clauses = ["harassment"]
    changed = change_rule(rule, ["clauses"], actor=admin)
    assert (changed.mode, changed.clauses, record_of(changed)) == ("shadow", ["harassment"], Record(0, 0))
    assert RuleSwitch.objects.latest("pk").reason == "changed"


def test_beyond_its_hourly_limit_it_only_watches(rule, held, admin):
    Rule.objects.filter(pk=rule.pk).update(mode="live")
    for _ in range(3):
        held()
    assert Measure.objects.count() == 2
    assert list(RuleRun.objects.order_by("pk").values_list("mode", flat=True)) == ["live", "live", "shadow"]
    rule.refresh_from_db()
    assert rule.mode == "shadow"
    assert RuleSwitch.objects.get().reason == "limit"
    assert RuleSwitch.objects.get().actor == system_actor()
    (letter,) = InboxMessage.objects.filter(recipient=admin, key__startswith="rule:")
    assert reverse("automation:rule", args=[rule.public_id]) in letter.link


def test_when_people_disagree_it_only_watches(rule, held, judge, admin):
    Rule.objects.filter(pk=rule.pk).update(mode="live", hourly_limit=9)
    judge(held(), "posting_ban")
    judge(held())
    assert watch_rules() == 1
    assert watch_rules() == 0
    rule.refresh_from_db()
    assert rule.mode == "shadow"
    assert RuleSwitch.objects.get().reason == "precision"
    held()
    assert RuleRun.objects.latest("pk").decision is None


def test_it_looks_before_it_acts_whether_or_not_the_sweep_came(rule, held, judge):
    Rule.objects.filter(pk=rule.pk).update(mode="live", hourly_limit=9)
    judge(held(), "posting_ban")
    judge(held())
    case = held()
    assert RuleRun.objects.get(case=case).decision is None
    assert RuleSwitch.objects.get().reason == "precision"


def test_what_a_person_lifted_no_other_rule_repeats(rule, held, moderator, clause):
    Rule.objects.filter(pk=rule.pk).update(mode="live")
    case = held()
    lift_measure(Measure.objects.get(), reason="Only a figure of speech.", actor=moderator)
    Rule.objects.create(
        code="ruder", title="Another", mode="live", subject_kinds=["comment"], conditions=rule.conditions,
        clause=clause("harassment"), measure="posting_ban", explanation="It attacks people.",
    )  # fmt: skip
    from foundation import changes

    changes.tell("snapshot.scored", case.case_reports.first().report.snapshot_id, actor_id=None)
    evaluate_rules()
    assert RuleRun.objects.get(rule__code="ruder").decision is None
    assert Measure.objects.count() == 1


def test_the_page_says_what_is_missing_and_keeps_cases_of_ones_own(rule, held, sign_in, admin, moderator, repository):
    case = held()
    address = f"/rules/{rule.public_id}"
    answer = sign_in(admin).post(f"{address}/switch", {"mode": "live"}, follow=True).content.decode()
    assert "it takes 2 before it may go live" in answer
    assert case.get_absolute_url() in sign_in(moderator).get(address).content.decode()
    Case.objects.filter(pk=case.pk).update(author=moderator)
    assert case.get_absolute_url() not in sign_in(moderator).get(address).content.decode()


def test_nobody_changes_a_live_rule_past_its_record(rule, sign_in, admin):
    Rule.objects.filter(pk=rule.pk).update(mode="live")
    page = reverse("admin:automation_rule_change", args=[rule.pk])
    admin.is_superuser = admin.is_staff = True
    admin.save()
    conditions = {"groups": [{"match": "all", "conditions": [{"kind": "score", "label": "spam", "level": "flagged"}]}]}
    form = {
        "code": rule.code, "title": rule.title, "mode": "live", "subject_kinds": '["comment"]', "clauses": "[]",
        "conditions": json.dumps(conditions), "clause": rule.clause_id, "measure": "posting_ban",
        "explanation": rule.explanation,
        "floor": 0.8, "enough": 2, "hourly_limit": 2,
    }  # fmt: skip
    assert sign_in(admin).post(page, form).status_code == 302
    rule.refresh_from_db()
    assert (rule.mode, rule.conditions) == ("shadow", conditions)


def test_only_who_may_changes_the_mode(rule, moderator):
    with pytest.raises(Forbidden):
        switch_rule(rule, "off", actor=moderator)
