"""Backtests: what a rule would have done in the past, and how often people agreed (I2)."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.queries import system_actor
from foundation import clock
from foundation.errors import Forbidden, Refused
from moderation.automation.backtests import KEPT, backtest, cases_of, record_of
from moderation.automation.models import Backtest, BacktestCase, Rule, RuleRun
from moderation.automation.record import record_of as record_of_runs
from moderation.automation.rules import evaluate_rules
from moderation.cases.actions import MeasureOrder, decide
from moderation.cases.models import Case, Decision
from tests.api.conftest import code, program, team

__all__ = ["program", "team"]


@pytest.fixture
def rule(db) -> Rule:
    return Rule.objects.select_related("clause").get(code="toxic-comment")


@pytest.fixture
def judge(moderator, clause):
    """judge(case, "posting_ban"): a person finds a violation and takes this; without a measure, there is none."""

    def decide_it(case: Case, *kinds: str) -> Decision:
        case.refresh_from_db()
        said = {"outcome": "no_violation"} if not kinds else {"outcome": "violation", "clause": clause("harassment")}
        orders = [MeasureOrder(kind) for kind in kinds]
        return decide(case, actor=moderator, version=case.version, explanation="We read it.", measures=orders, **said)

    return decide_it


@pytest.fixture
def past(reported, many_comments, judge, pass_time) -> list[Case]:
    """Five cases that three people reported: banned, warned, no violation, undecided; no classifier knew the fifth."""
    comments = many_comments(5)
    cases = [reported(one) for one in comments[:4]] + [reported(comments[4], value=0.3)]
    pass_time(timedelta(hours=1))
    judge(cases[0], "posting_ban")
    judge(cases[1], "friendly_warning")
    judge(cases[2])
    judge(cases[4], "posting_ban")
    pass_time(timedelta(hours=1))
    return cases


def found(row: Backtest) -> dict[int, tuple[bool, bool]]:
    return {one.case_id: (one.decided, one.agreed) for one in BacktestCase.objects.filter(backtest=row)}


def test_it_says_where_it_would_have_acted_and_who_agreed(rule, past, moderator):
    row = backtest(rule, actor=moderator)
    banned, warned, nothing, waiting, _not_toxic = (one.pk for one in past)
    assert found(row) == {
        banned: (True, True), warned: (True, False), nothing: (True, False), waiting: (False, False)
    }  # fmt: skip
    assert (row.cases, row.held, row.decided, row.agreed) == (5, 4, 3, 1)
    assert record_of(row).precision == pytest.approx(1 / 3)
    low, high = record_of(row).interval
    assert 0.05 < low < 1 / 3 < high < 0.8
    assert row.languages == {past[0].language: [4, 3, 1]}
    # Nothing happened to anybody.
    assert not RuleRun.objects.exists()
    assert record_of_runs(rule).decided == 0


def test_it_agrees_with_what_the_rule_does_in_shadow(rule, reported, many_comments, judge, moderator):
    cases = [reported(one) for one in many_comments(3)]
    evaluate_rules()
    judge(cases[0], "posting_ban")
    judge(cases[1])
    row = backtest(rule, actor=moderator)
    assert set(found(row)) == set(RuleRun.objects.filter(rule=rule).values_list("case", flat=True))
    assert record_of(row) == record_of_runs(rule)


def test_what_came_after_the_decision_says_nothing(
    rule, reported, report, comment, voices, judge, pass_time, moderator
):
    case = reported(comment, by=voices[:2])
    pass_time(timedelta(minutes=1))
    judge(case, "posting_ban")
    pass_time(timedelta(minutes=1))
    Case.objects.filter(pk=case.pk).update(state="open", decided_at=None)
    report(comment, by=voices[2])
    assert found(backtest(rule, actor=moderator)) == {}


def test_an_appeal_that_was_right_agrees_with_nobody(rule, past, moderator):
    Decision.objects.filter(case=past[0]).update(overturned="wholly", overturned_at=clock.now())
    assert backtest(rule, actor=moderator).agreed == 0


def test_since_leaves_out_what_is_older(rule, past, moderator):
    row = backtest(rule, actor=moderator, since=clock.now() - timedelta(minutes=1))
    assert (row.cases, row.held) == (0, 0)


def test_few_are_kept(rule, moderator):
    rows = [backtest(rule, actor=moderator).pk for _ in range(KEPT + 1)]
    assert list(Backtest.objects.order_by("pk").values_list("pk", flat=True)) == rows[1:]


def test_only_the_team_tries_rules(rule, reporter):
    with pytest.raises(Forbidden):
        backtest(rule, actor=reporter)


def test_conditions_that_nobody_can_read_are_refused(rule, moderator):
    rule.conditions = {}
    with pytest.raises(Refused) as refusal:
        backtest(rule, actor=moderator)
    assert (refusal.value.status, refusal.value.code) == (400, "unsound")


def test_the_cases_are_those_that_the_viewer_may_see(rule, past, moderator):
    row = backtest(rule, actor=moderator)
    Case.objects.filter(pk=past[0].pk).update(author=moderator)
    assert past[0].pk not in {one.case_id for one in cases_of(row, moderator)}
    assert {one.case_id for one in cases_of(row, moderator, "disagreed")} == {past[1].pk, past[2].pk}
    assert {one.case_id for one in cases_of(row, moderator, "undecided")} == {past[3].pk}
    assert not cases_of(row, moderator, "agreed").exists()


# The ways in -------------------------------------------------------------------------------------------------------


def test_the_page_tries_it_and_shows_the_cases(rule, past, moderator, sign_in, django_assert_max_num_queries):
    client = sign_in(moderator)
    answer = client.post(f"/rules/{rule.public_id}/backtest", {"days": "0"}, follow=True)
    page = answer.content.decode()
    assert "Of 5 cases its conditions held in 4. People decided 3 of these" in page
    assert past[0].get_absolute_url() in page
    assert past[4].get_absolute_url() not in page
    address = answer.request["PATH_INFO"]
    with django_assert_max_num_queries(25):
        otherwise = client.get(address, {"which": "disagreed"}).content.decode()
    assert past[0].get_absolute_url() not in otherwise
    assert past[1].get_absolute_url() in otherwise
    assert "held in 4 cases" in client.get(f"/rules/{rule.public_id}").content.decode()
    Rule.objects.filter(pk=rule.pk).update(conditions=json.loads(json.dumps(rule.conditions).replace("3", "2")))
    assert "The rule has other conditions now" in client.get(address).content.decode()
    assert client.post(f"/rules/{rule.public_id}/backtest", {"days": "7"}, follow=True).status_code == 200
    assert Backtest.objects.count() == 1


def test_others_find_none(rule, reporter, sign_in, moderator):
    row = backtest(rule, actor=moderator)
    assert sign_in(reporter).get(f"/rules/{rule.public_id}/backtests/{row.public_id}").status_code == 404
    assert sign_in(reporter).post(f"/rules/{rule.public_id}/backtest", {"days": "0"}).status_code == 404


def test_programs_try_conditions_that_nobody_saved(rule, past, team):
    address = f"/api/v1/rules/{rule.public_id}/backtests"
    any_report = {
        "groups": [{"match": "all", "conditions": [{"kind": "reports", "comparison": "at_least", "number": 1}]}]
    }
    answer = team.post(address, {"conditions": any_report, "days": 365})
    assert answer.status_code == 201
    said = answer.json()
    assert (said["held"], said["decided"], said["agreed"], said["conditions"]) == (5, 4, 2, any_report)
    rule.refresh_from_db()
    assert rule.conditions != any_report
    assert [one["id"] for one in team.get(address).json()] == [said["id"]]
    assert team.get(f"/api/v1/backtests/{said['id']}").json() == said
    cases = team.get(f"/api/v1/backtests/{said['id']}/cases", {"which": "agreed"}).json()["results"]
    assert {one["case"] for one in cases} == {str(past[0].public_id), str(past[4].public_id)}
    wrong = team.get(f"/api/v1/backtests/{said['id']}/cases", {"which": "loud"})
    assert (wrong.status_code, code(wrong)) == (400, "invalid")
    refused = team.post(address, {"conditions": {"groups": []}})
    assert (refused.status_code, code(refused)) == (400, "unsound")
    assert "list of 1 to 4 “groups”" in refused.json()["errors"][0]["detail"]


def test_the_command_says_the_same(rule, past):
    out = StringIO()
    call_command("backtest_rule", "toxic-comment", "--json", stdout=out)
    said = json.loads(out.getvalue())
    assert (said["held"], said["decided"], said["agreed"]) == (4, 3, 1)
    assert set(said["disagreed"]) == {past[1].get_absolute_url(), past[2].get_absolute_url()}
    out = StringIO()
    call_command("backtest_rule", "toxic-comment", "--days", "30", stdout=out)
    assert "held in 4 of 5 cases" in out.getvalue()
    for wrong in (["gossip"], ["toxic-comment", "--conditions", "{"], ["toxic-comment", "--conditions", "{}"]):
        with pytest.raises(CommandError):
            call_command("backtest_rule", *wrong, stdout=out)


def test_the_system_may(rule):
    assert backtest(rule, actor=system_actor()).held == 0
