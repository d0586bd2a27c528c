"""Backtests: what a rule would have done in the past, and how often people agreed afterwards (I2).

A case is looked at as it was at the moment before a person decided it first, or as it is now while nobody has: if the
rule's conditions held by then, it would have acted before that. Where a condition can end (“at most”), it may have held
earlier too; such a rule acts at least as often as its backtest says.
"""

import time
import uuid
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.db import OperationalError, connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation import clock
from foundation.errors import Forbidden, Refused
from moderation.automation.actions import require_seeing
from moderation.automation.conditions import Conditions
from moderation.automation.facts import Facts, counts_reporters, final
from moderation.automation.models import Backtest, BacktestCase, Rule
from moderation.automation.record import Record, as_heavy
from moderation.automation.reporters import independent_reporters_of
from moderation.cases.models import Case, Decision
from moderation.cases.queries import open_to

# So many of a rule are kept: they are asked for again at any time.
KEPT = 5
# Longer than this nobody waits for an answer, and the database has other things to do.
LONGEST_SECONDS = 60
# Cases whose reporters are counted at once.
PIECE = 10_000
_LOCK = 0x6261636B  # one at a time on this database
Moments = Mapping[int, tuple[datetime, bool, bool]]  # at, decided, agreed

# Every case with its moment, whether a person decided then, and whether anybody took a measure as heavy as the rule's;
# as far as its row says that the rule may hold.
_PAST = f"""
SELECT c.id AS case_id, COALESCE(said.at, %(now)s) AS at, said.at IS NOT NULL AS decided,
    COALESCE(said.agreed, false) AS agreed
FROM cases_case c JOIN policy_clause clause ON clause.id = c.clause_id
LEFT JOIN (
    SELECT d.case_id, min(d.decided_at) AS at,
        bool_or(heavy.decision_id IS NOT NULL AND d.overturned <> '{Decision.Overturned.WHOLLY.value}') AS agreed
    FROM cases_decision d LEFT JOIN (
        SELECT DISTINCT took.decision_id FROM cases_decision_measures took
        JOIN sanctions_measure measure ON measure.id = took.measure_id AND measure.kind = ANY(%(heavy)s)
    ) heavy ON heavy.decision_id = d.id
    WHERE {final("d")} GROUP BY d.case_id
) said ON said.case_id = c.id
WHERE c.kind = '{Case.Kind.REVIEW.value}' AND (%(since)s::timestamptz IS NULL OR c.opened_at >= %(since)s)
"""  # noqa: S608 - our own names
# The same of cases that are known already, with their independent reporters.
_KNOWN = """
SELECT * FROM unnest(
    %(cases)s::bigint[], %(moments)s::timestamptz[], %(decided)s::bool[], %(agreed)s::bool[], %(reporters)s::int[]
) AS known(case_id, at, decided, agreed, reporters)
"""
_SAVE = """
INSERT INTO automation_backtestcase (backtest_id, case_id, at, decided, agreed)
SELECT %(backtest)s, c.id, moment.at, moment.decided, moment.agreed
"""
_COUNT = """
SELECT c.language, count(*), count(*) FILTER (WHERE found.decided), count(*) FILTER (WHERE found.agreed)
FROM automation_backtestcase found JOIN cases_case c ON c.id = found.case_id
WHERE found.backtest_id = %s GROUP BY c.language ORDER BY 2 DESC, 1
"""


@transaction.atomic
def backtest(
    rule: Rule, *, actor: User, since: datetime | None = None, request_id: uuid.UUID | None = None
) -> Backtest:
    """What `rule`, as it is in memory, would have done to cases opened `since`, or to all; saved with its cases.

    `request_id` becomes its public id, by which a repeated request finds it.

    Raises Forbidden unless `actor` works in the queue, and may see the scores that it asks for; Refused while another
    one runs (409), for conditions that nobody can read (400), and when it takes too long.
    """
    if not (actor.is_system or actor.is_team):
        raise Forbidden(_("Only the team tries rules."))
    try:
        conditions = rule.read
    except ValidationError as error:
        raise Refused(" ".join(error.messages), code="unsound", status=400) from None
    require_seeing(rule, actor)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            raise Refused(_("Another backtest runs at this moment. Try again in a minute."), code="busy")
        # Many rows once: hash joins need the memory, and compiling the statement takes longer than it saves.
        cursor.execute(f"SET LOCAL statement_timeout = '{LONGEST_SECONDS}s'")
        cursor.execute("SET LOCAL work_mem = '128MB'; SET LOCAL jit = off")
    began = time.monotonic()
    row = Backtest.objects.create(
        public_id=request_id or uuid.uuid4(), rule=rule, since=since, actor=actor, definition=_definition(rule)
    )
    try:
        with transaction.atomic():
            _find(row, rule, conditions)
            _count(row)
    except OperationalError as error:
        raise Refused(_("This takes too long. Try it on a shorter time."), code="too_long") from error
    row.seconds = round(time.monotonic() - began, 3)
    row.save()
    kept = Backtest.objects.filter(rule=rule).order_by("-pk").values("pk")[:KEPT]
    Backtest.objects.filter(rule=rule).exclude(pk__in=list(kept.values_list("pk", flat=True))).delete()
    with connection.cursor() as cursor:
        cursor.execute("RESET statement_timeout; RESET work_mem; RESET jit")
    return row


def backtests_of(rule: Rule) -> QuerySet[Backtest]:
    """The newest backtests of a rule, newest first."""
    return Backtest.objects.filter(rule=rule).select_related("actor").order_by("-pk")


def record_of(row: Backtest) -> Record:
    """How often people agreed with what it would have done; no query."""
    return Record(row.decided, row.agreed)


def records_by_language(row: Backtest) -> list[tuple[str, int, Record]]:
    """The same by the language of the case, with how often the conditions held; most first; no query."""
    return [(language, held, Record(decided, agreed)) for language, (held, decided, agreed) in row.languages.items()]


def cases_of(row: Backtest, person: User, which: str = "") -> QuerySet[BacktestCase]:
    """The cases that `person` may see, by ascending id: newest first, since they are saved in that order.

    `which` is agreed, disagreed or undecided, or nothing for all.
    """
    rows = BacktestCase.objects.filter(backtest=row, case__in=open_to(Case.objects.all(), person))
    wanted: dict[str, dict[str, bool]] = {
        "agreed": {"agreed": True},
        "disagreed": {"decided": True, "agreed": False},
        "undecided": {"decided": False},
    }
    return rows.filter(**wanted.get(which, {})).select_related("case__clause").order_by("pk")


def _find(row: Backtest, rule: Rule, conditions: Conditions) -> None:
    """Save every case in which the conditions held."""
    past = {"now": clock.now(), "since": row.since, "heavy": as_heavy(rule.measure)}
    if not counts_reporters([conditions]):
        facts = Facts()
        may_hold, holds = facts.may_hold(rule, conditions), facts.holds(rule, conditions)
        _save(row, f"{_PAST} AND {may_hold}", holds, facts, past)
        return
    # Who is linked to whom is no matter of SQL: what may hold is found first, and its reporters are counted.
    for piece in _pieces(_may_hold(rule, conditions, past)):
        counts = independent_reporters_of({case: at for case, (at, *_said) in piece.items()})
        facts = Facts()
        known = {
            "cases": list(piece),
            "moments": [at for at, _decided, _agreed in piece.values()],
            "decided": [decided for _at, decided, _agreed in piece.values()],
            "agreed": [agreed for _at, _decided, agreed in piece.values()],
            "reporters": [counts[case] for case in piece],
        }
        _save(row, _KNOWN, facts.holds(rule, conditions), facts, known)


def _may_hold(rule: Rule, conditions: Conditions, past: Mapping[str, Any]) -> Moments:
    facts = Facts()
    where = facts.may_hold(rule, conditions)
    with connection.cursor() as cursor:
        cursor.execute(f"{_PAST} AND {where} ORDER BY 2 DESC, 1 DESC", facts.params | dict(past))
        return {case: (at, decided, agreed) for case, at, decided, agreed in cursor.fetchall()}


def _pieces(moments: Moments) -> Iterator[Moments]:
    rest = iter(moments.items())
    while piece := dict(islice(rest, PIECE)):
        yield piece


def _save(row: Backtest, cases: str, holds: str, facts: Facts, known: Mapping[str, Any]) -> None:
    values = facts.params | dict(known) | {"backtest": row.pk}
    statement = f"""WITH moment AS MATERIALIZED ({cases}) {_SAVE}
        {facts.joins}
        WHERE {holds} ORDER BY moment.at DESC, c.id DESC"""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)


def _count(row: Backtest) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [row.pk])
        found = cursor.fetchall()
    row.languages = {language: counts for language, *counts in found}
    row.held, row.decided, row.agreed = (sum(counts[place] for _language, *counts in found) for place in range(3))
    looked_at = Case.objects.filter(kind=Case.Kind.REVIEW)
    row.cases = (looked_at if row.since is None else looked_at.filter(opened_at__gte=row.since)).count()


def _definition(rule: Rule) -> dict[str, Any]:
    return {name: getattr(rule, name) for name in ("subject_kinds", "clauses", "conditions", "measure")}
