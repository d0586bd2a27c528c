"""Which rules hold for which cases at this moment: a bounded number of queries for a batch of cases (I1)."""

import logging
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import connection

from foundation import clock
from moderation.automation.conditions import Conditions
from moderation.automation.facts import Facts, counts_reporters
from moderation.automation.models import Rule
from moderation.automation.reporters import independent_reporters_of

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Held:
    """A rule whose conditions hold for the newest reported content of a case, and the facts that made it hold."""

    rule: Rule
    case_id: int
    snapshot_id: int
    facts: dict[str, Any]


def holding(rules: Iterable[Rule], cases: Collection[int]) -> list[Held]:
    """Each of `rules` that holds for one of `cases`, ids, and has not run for the same content; four queries at most.

    A rule whose conditions nobody can read holds for nothing, and holds up no other.
    """
    readable = _readable(rules)
    if not readable or not cases:
        return []
    at = clock.now()
    every = [conditions for _rule, conditions in readable]
    reporters = independent_reporters_of(dict.fromkeys(cases, at)) if counts_reporters(every) else {}
    facts = Facts()
    columns = []
    for rule, conditions in readable:
        not_yet = f"""NOT EXISTS (SELECT FROM automation_rulerun run
            WHERE run.rule_id = {rule.pk} AND run.snapshot_id = reported.snapshot_id)"""
        columns.append(f"{facts.holds(rule, conditions)} AND {not_yet}, {facts.values(conditions)}")
    with connection.cursor() as cursor:
        cursor.execute(_statement(facts, columns), facts.params | _moments(cases, at, reporters))
        rows = cursor.fetchall()
    found = []
    for case, snapshot, *answers in rows:
        for (rule, _conditions), holds, known in zip(readable, answers[::2], answers[1::2], strict=True):
            if holds:
                found.append(Held(rule, case, snapshot, known))
    return found


def _readable(rules: Iterable[Rule]) -> list[tuple[Rule, Conditions]]:
    found = []
    for rule in rules:
        try:
            found.append((rule, rule.read))
        except ValidationError as error:
            logger.warning("The conditions of the rule %s cannot be read: %s", rule.code, "; ".join(error.messages))
    return found


def _statement(facts: Facts, columns: Iterable[str]) -> str:
    return f"""
        WITH moment AS MATERIALIZED (
            SELECT case_id, reporters, %(at)s::timestamptz AS at
            FROM unnest(%(cases)s::bigint[], %(reporters)s::int[]) AS known(case_id, reporters)
        )
        SELECT c.id, reported.snapshot_id, {", ".join(columns)} {facts.joins} ORDER BY c.id
    """  # noqa: S608 - our own names; what people chose are parameters


def _moments(cases: Collection[int], at: datetime, reporters: dict[int, int]) -> dict[str, Any]:
    return {"cases": list(cases), "reporters": [reporters.get(one) for one in cases], "at": at}
