"""Conditions of rules: what is one, what they say, and of which cases they hold, now and in the past (I1, I2)."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from accounts.models import User
from accounts.queries import system_actor
from foundation import clock
from moderation.automation.backtests import backtest
from moderation.automation.conditions import KINDS, read_conditions
from moderation.automation.holding import holding
from moderation.automation.models import BacktestCase, Rule
from moderation.cases.actions import MeasureOrder, decide
from moderation.reports.models import Report, ReporterRecord
from moderation.scoring.models import ClassifierRevision, Score
from repositories.models import Repository


def groups(*conditions: dict, match: str = "all") -> dict:
    return {"groups": [{"match": match, "conditions": list(conditions)}]}


def number(kind: str, comparison: str, value: float, **more: Any) -> dict:
    return {"kind": kind, "comparison": comparison, "number": value, **more}


def values(kind: str, comparison: str, *those: str) -> dict:
    return {"kind": kind, "comparison": comparison, "values": list(those)}


def score(label: str = "toxicity", **more: Any) -> dict:
    return {"kind": "score", "label": label, **more}


@pytest.fixture
def rule(db) -> Rule:
    """The rule about toxic comments, alone."""
    Rule.objects.exclude(code="toxic-comment").update(mode="off")
    return Rule.objects.select_related("clause").get(code="toxic-comment")


@pytest.fixture
def holds(rule, django_assert_max_num_queries):
    """holds(case, document): whether the conditions hold of it; now and in a backtest, which must say the same."""

    def ask(case, document: dict) -> bool:
        rule.conditions = document
        with django_assert_max_num_queries(4):
            now = {held.case_id for held in holding([rule], [case.pk])}
        row = backtest(rule, actor=system_actor())
        assert now == set(BacktestCase.objects.filter(backtest=row, case=case).values_list("case", flat=True)), document
        return now == {case.pk}

    return ask


# A condition that holds of the case below, and one that does not, of each kind.
EACH_KIND = [
    (score(level="confident"), score("spam", level="confident")),
    (score(level="flagged"), score(comparison="at_least", number=0.91)),
    (score(comparison="at_least", number=0.9), score(comparison="at_most", number=0.89)),
    (number("reporters", "at_least", 3), number("reporters", "at_least", 4)),
    (number("reporters", "at_most", 3), number("reporters", "at_most", 2)),
    (number("reports", "at_least", 3), number("reports", "at_most", 2)),
    (number("trusted", "at_most", 0), number("trusted", "at_least", 1)),
    (number("reliability", "at_least", 50), number("reliability", "at_least", 51)),
    (number("likes", "at_most", 0), number("likes", "at_least", 1)),
    (number("downloads", "at_most", 0), number("downloads", "at_least", 1)),
    (number("strikes", "at_most", 0, days=90), number("strikes", "at_least", 1, days=90)),
    (number("account_age", "at_least", 10), number("account_age", "at_most", 10)),
    (values("subject", "one_of", "comment", "user"), values("subject", "none_of", "comment")),
    (values("language", "one_of", "en"), values("language", "none_of", "en")),
    (values("clause", "one_of", "harassment"), values("clause", "one_of", "spam")),
]


def test_each_kind_holds_where_it_says_and_nowhere_else(holds, reported, comment):
    case = reported(comment)
    type(case).objects.filter(pk=case.pk).update(language="en")
    User.objects.filter(pk=comment.author_id).update(date_joined=clock.now() - timedelta(days=20))
    for met, not_met in EACH_KIND:
        assert holds(case, groups(met)), met
        assert not holds(case, groups(not_met)), not_met
        assert holds(case, groups(met, not_met, match="any")), met
        assert not holds(case, groups(met, not_met)), met
    assert {one["kind"] for pair in EACH_KIND for one in pair} == set(KINDS)


def test_every_group_must_hold(holds, reported, comment):
    case = reported(comment)
    yes, no = score(level="flagged"), number("reports", "at_least", 9)
    both = {"groups": [{"match": "any", "conditions": [yes, no]}, {"match": "all", "conditions": [yes]}]}
    assert holds(case, both)
    both["groups"][1]["conditions"] = [no]
    assert not holds(case, both)


def test_what_is_not_known_meets_nothing(holds, reported, report, organization):
    """Nobody answers alone for an organization, and it has no downloads."""
    case = report(organization)
    Rule.objects.update(subject_kinds=["organization"])
    for kind in ("downloads", "account_age"):
        for comparison in ("at_least", "at_most"):
            assert not holds(case, groups(number(kind, comparison, 0)))


def test_reach_history_and_trust_count(holds, rule, reported, report, comment, discussion, author, moderator, clause):
    from community.actions import add_comment

    earlier = report(add_comment(discussion, text="Idiots!", actor=author))
    decide(earlier, actor=moderator, version=earlier.version, outcome="violation", clause=clause("harassment"),
           measures=[MeasureOrder("friendly_warning")], explanation="You insulted somebody.")  # fmt: skip
    case = reported(comment)
    Repository.objects.update(likes=7, downloads=9)
    Report.objects.filter(pk=case.case_reports.first().report_id).update(trusted=True)
    for condition in (
        number("strikes", "at_least", 1, days=30), number("likes", "at_least", 7), number("downloads", "at_least", 9),
        number("trusted", "at_least", 1),
    ):  # fmt: skip
        assert holds(case, groups(condition)), condition
    assert not holds(case, groups(number("strikes", "at_least", 2, days=30)))


def test_reliability_is_the_one_that_priority_goes_by(holds, reported, report, comment, discussion, voices, moderator):
    """One of three reporters was wrong once: (2/3 of it under the clause) as moderation.reports.reliability says."""
    from community.actions import add_comment
    from moderation.reports.reliability import reliability

    wrong = report(add_comment(discussion, text="Good day.", actor=voices[1]), by=voices[0])
    decide(wrong, actor=moderator, version=wrong.version, outcome="no_violation", explanation="That is polite.")
    case = reported(comment)
    record = ReporterRecord.objects.get(decided=1)
    pairs = [(one.pk, record.clause_id) for one in voices]
    mean = 100 * sum(reliability(pairs).values()) / 3
    assert holds(case, groups(number("reliability", "at_least", int(mean))))
    assert not holds(case, groups(number("reliability", "at_least", int(mean) + 1)))


def test_the_scope_is_what_it_is_about(holds, rule, reported, comment):
    case, document = reported(comment), groups(score(level="flagged"))
    assert holds(case, document)
    rule.clauses = ["spam"]
    assert not holds(case, document)
    rule.clauses, rule.subject_kinds = ["spam", "harassment"], ["repository"]
    assert not holds(case, document)


def test_many_cases_and_rules_cost_what_one_does(rule, many_comments, reported, django_assert_num_queries):
    cases = [reported(one).pk for one in many_comments(4)]
    every = list(Rule.objects.select_related("clause"))
    Rule.objects.update(subject_kinds=["comment", "repository"])
    with django_assert_num_queries(4):
        assert len(holding(every, cases)) == 4


def test_a_rule_that_nobody_can_read_holds_up_no_other(rule, reported, comment):
    case = reported(comment)
    broken = Rule.objects.exclude(pk=rule.pk).first()
    broken.conditions = {"groups": "none"}
    assert [held.rule for held in holding([broken, rule], [case.pk])] == [rule]


def test_a_score_that_counts_no_more_meets_nothing(holds, reported, comment):
    case = reported(comment)
    Score.objects.update(counts=False)
    assert not holds(case, groups(score(level="flagged")))


def test_what_another_classifier_says_later_takes_nothing_back(holds, reported, comment):
    case = reported(comment)
    sure = Score.objects.get(label="toxicity")
    other = ClassifierRevision.objects.create(
        fingerprint="other", name="other", model="m", libraries={}, device="cpu", precision="fp32"
    )
    Score.objects.create(
        snapshot=sure.snapshot, revision=other, label="toxicity", value=0.0, threshold=0.5, confident_threshold=0.9,
        start=0, end=0, milliseconds=1,
    )  # fmt: skip
    assert holds(case, groups(score(level="confident")))


# What is one, and what it says -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("document", "words"),
    [
        (None, "Give an object with a list of 1 to 4 “groups”"),
        ([], "Give an object"),
        ({"groups": [[]]}, "Group 1: give a list of 1 to 8 “conditions”"),
        ({"groups": [{"match": "some", "conditions": [score(level="flagged")]}]}, "“match” is “all” or “any”"),
        ({"groups": [{"match": "all", "conditions": [], "not": 1}]}, "Group 1: give a list"),
        (groups({"kind": "mood"}), "Condition 1.1: “kind” is one of score, reporters"),
        (groups({"kind": ["score"]}), "Condition 1.1: “kind” is one of"),
        (groups(score()), "Condition 1.1: “comparison” is one of at_least, at_most"),
        (groups(score("a b", level="flagged")), "“label” is a label of a classifier"),
        (groups(score(level="flagged", number=1)), "give a “level” or a “number”, not both"),
        (groups(score(comparison="at_least", number=1.5)), "a number from 0 to 1"),
        (groups(score(comparison="at_least", number=float("nan"))), "a number from 0 to 1"),
        (groups(score(level="flagged"), number("reports", "at_least", True)), "Condition 1.2: “number” is a whole"),
        (groups(number("reports", "at_least", 2.5)), "a whole number from 0 to 100000"),
        (groups(number("reports", "at_least", 10**400)), "a whole number from 0 to 100000"),
        (groups(number("strikes", "at_least", 1)), "“days” is a whole number from 1 to 3650"),
        (groups(number("reports", "at_least", 1, days=3)), "knows no “days”; leave it out"),
        (groups(values("language", "one_of", "English")), "a code such as “en” or “th”"),
        (groups(values("subject", "one_of", "planet")), "each of “values” is one of repository"),
        (groups(values("clause", "one_of")), "give 1 to 40 “values”"),
        (groups({"kind": "reports", "\ud800": 1}), "knows no “?”; leave it out"),
    ],
)  # fmt: skip
def test_what_is_none_is_refused_with_what_to_write(document, words):
    with pytest.raises(ValidationError) as refusal:
        read_conditions(document)
    assert words in refusal.value.messages[0]


def test_it_is_stored_as_it_was_read():
    document = {
        "groups": [
            {"match": "any", "conditions": [score(level="confident"), score(comparison="at_most", number=0.25)]},
            {"match": "all", "conditions": [number("strikes", "at_least", 2, days=9), values("clause", "one_of", "x")]},
        ]
    }  # fmt: skip
    assert read_conditions(document).as_json == document


def test_each_kind_says_something_in_both_languages():
    one = {"score": score(level="flagged"), "subject": values("subject", "one_of", "user"),
           "language": values("language", "none_of", "th"), "clause": values("clause", "one_of", "spam"),
           "strikes": number("strikes", "at_least", 2, days=90)}  # fmt: skip
    for kind in KINDS:
        condition = next(iter(read_conditions(groups(one.get(kind, number(kind, "at_least", 5))))))
        with translation.override("en"):
            words = condition.words({"spam": "Spam"})
        assert "%(" not in words
        assert words != kind
