"""Whatever a program sends as a rule: an answer that says what is wrong, and never a fault (K1)."""

import json

import pytest

from moderation.automation.models import Rule
from tests.api.conftest import program, team
from tests.api.test_fuzz import HOSTILE
from tests.automation.test_write_rule import BODY

__all__ = ["program", "team"]


@pytest.mark.parametrize("name", [*BODY, "clauses", "days"])
def test_hostile_values_are_refused(team, db, name):
    address = f"/api/v1/rules/{Rule.objects.get(code='toxic-comment').public_id}"
    whole = json.dumps(BODY | {name: "HERE"})
    for value in HOSTILE:
        body = whole.replace('"HERE"', value)
        answers = [
            team.post("/api/v1/rules", body, content_type="application/json"),
            team.patch(address, body, content_type="application/json"),
            team.post(f"{address}/backtests", body, content_type="application/json"),
        ]
        assert {one.status_code for one in answers} <= {200, 201, 400}, (name, value[:20])


@pytest.mark.parametrize("key", ["kind", "label", "level", "comparison", "number", "days", "values", "\\u0000"])
def test_hostile_conditions_are_refused(team, db, key):
    for value in HOSTILE:
        one = '{"kind": "score", "label": "toxicity", "level": "flagged", "%s": %s}' % (key, value)  # noqa: UP031
        body = json.dumps(BODY | {"conditions": "HERE"})
        body = body.replace('"HERE"', '{"groups": [{"match": "all", "conditions": [%s]}]}' % one)  # noqa: UP031
        answer = team.post("/api/v1/rules", body, content_type="application/json")
        assert answer.status_code == 400, (key, value[:20], answer.content[:200])
