"""Rules that were stored before there were conditions go on as they were."""

import importlib
from types import SimpleNamespace

from django.apps import apps
from django.db import connection

from moderation.automation.conditions import read_conditions
from moderation.automation.models import Rule, RuleRun

migration = importlib.import_module("moderation.automation.migrations.0005_conditions")


class Before(SimpleNamespace):
    """A rule as it was stored, with what was saved of it."""

    def save(self, update_fields):
        self.saved = {name: getattr(self, name) for name in update_fields}


def stored(*rules):
    """Instead of django.apps.apps: the model whose rows are these."""
    model = SimpleNamespace(objects=SimpleNamespace(all=lambda: rules))
    return SimpleNamespace(get_model=lambda *_names: model)


def test_the_rules_that_ship_ask_for_what_they_did(db):
    for code, label in (("toxic-comment", "toxicity"), ("spam-repository", "spam")):
        (group,) = Rule.objects.get(code=code).read.groups
        score, reporters = group.conditions
        assert (group.match, score.label, score.level) == ("all", label, "confident")
        assert (reporters.kind, reporters.comparison, reporters.number) == ("reporters", "at_least", 3)


def test_there_and_back():
    rule = Before(label="spam", reporters=5, mode="live")
    migration.convert(stored(rule), None)
    conditions = read_conditions(rule.saved["conditions"])
    assert {one.fact: one.number or one.level for one in conditions} == {"score:spam": "confident", "reporters": 5}
    rule.label, rule.reporters = "", 0
    migration.convert_back(stored(rule), None)
    assert rule.saved == {"label": "spam", "reporters": 5, "mode": "live"}


def test_a_rule_that_the_earlier_columns_cannot_say_is_off():
    rule = Before(mode="live", conditions={"groups": [{"match": "all", "conditions": [{"kind": "reports"}]}]})
    migration.convert_back(stored(rule), None)
    assert rule.saved == {"label": "", "reporters": 3, "mode": "off"}


def test_runs_remember_their_facts_by_the_new_names(reported, comment):
    case = reported(comment)
    run = RuleRun.objects.create(
        rule=Rule.objects.first(), case=case, snapshot=case.case_reports.first().report.snapshot, mode="shadow",
        facts={"label": "toxicity", "value": 0.9, "reporters": 3},
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(migration.FACTS)
    run.refresh_from_db()
    assert run.facts == {"score:toxicity": 0.9, "reporters": 3}
    assert run.because == "toxicity 0.90, 3 reporters"


def test_moderators_write_rules_and_switch_none(moderator):
    migration.grant(apps, None)
    assert moderator.has_perm("automation.change_rule")
    assert not moderator.has_perm("automation.switch_live")
