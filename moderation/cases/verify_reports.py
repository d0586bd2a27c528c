"""Checking what became of each report: computed again from the events of its case (J6, C4)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection
from django.db.models import OuterRef, Subquery, UUIDField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from moderation.cases.models import CaseReport, Decision, Event
from moderation.reports.models import Report

AT_ONCE = 2_000
# In which reports get an outcome, or lose it.
KINDS = ("report.received", "report.withdrawn", "case.decided", "decision.confirmed", "decision.undone",
         "decision.overturned", "case.reopened", "marks.withdrawn")  # fmt: skip
OPEN, UPHELD, REJECTED, WITHDRAWN = (
    str(one) for one in (Report.State.OPEN, Report.State.UPHELD, Report.State.REJECTED, Report.State.WITHDRAWN)
)


@dataclass
class Outcome:
    """What became of a report: its state, when it was closed, and whether we found it made in bad faith."""

    state: str = OPEN
    closed_at: datetime | None = None
    bad_faith: bool = False


def check_outcomes() -> Iterator[str]:
    """Every report of a case must have become what the events of the case say; one case in memory at a time."""
    decided = Decision.objects.filter(public_id=OuterRef("named"))
    events = (
        Event.objects.filter(kind__in=KINDS)
        .annotate(named=Cast(KeyTextTransform("decision", "data"), UUIDField()))
        .annotate(
            counts_from=Subquery(decided.values("decided_at")[:1]), outcome=Subquery(decided.values("outcome")[:1])
        )
        .order_by("case", "number")
        .values_list("case", "kind", "at", "data", "counts_from", "outcome")
    )
    of_cases = groupby(events.iterator(AT_ONCE), itemgetter(0))
    rows = CaseReport.objects.order_by("case", "pk").values_list(
        "case", "case__public_id", "report__public_id", "report__state", "report__closed_at", "report__bad_faith"
    )
    case, expected = -1, dict[str, Outcome]()
    for key, reports in groupby(rows.iterator(AT_ONCE), itemgetter(0)):
        while case < key and (found := next(of_cases, None)) is not None:
            case = found[0]
            if case >= key:
                expected = outcomes(one[1:] for one in found[1])
        known = expected if case == key else {}
        for _case, home, public_id, state, closed_at, bad_faith in reports:
            said, there = known.get(public_id.hex, Outcome()), Outcome(state, closed_at, bad_faith)
            if there != said:
                yield (
                    f"The outcome of report {public_id.hex} of case {home.hex} is {_shown(there)}, and by the events "
                    f"it is {_shown(said)}."
                )


def outcomes(events: Iterable[tuple[str, datetime, dict[str, Any], datetime | None, str | None]]) -> dict[str, Outcome]:
    """What became of each report of a case, by its public id, after its `events` in their order.

    Of each its kind, when, its data; and of the decision that it names since when that counts, and its outcome.
    """
    known: dict[str, Outcome] = {}
    for kind, at, data, counts_from, outcome in events:
        if kind == "report.received":
            known[data["report"]] = Outcome()
        elif kind == "report.withdrawn":
            known[data["report"]] = Outcome(WITHDRAWN, at)
        elif kind == "case.decided" and data.get("second") not in ("before", "after"):
            _close(known, data.get("outcome"), at)
            for one in data.get("bad_faith", ()):
                if one in known and known[one].state == REJECTED:
                    known[one].bad_faith = True
        elif kind == "decision.confirmed":
            _close(known, outcome, at)
        elif kind == "decision.undone":
            _open_again(known, lambda one, moment=counts_from: one.closed_at == moment)
        elif kind == "case.reopened" and "appeal" in data:
            _open_again(known, lambda _one: True)
        elif kind == "marks.withdrawn":
            for one in data["bad_faith"]:
                known[one].bad_faith = False
        elif kind == "decision.overturned" and data.get("reports"):
            for one in known.values():
                if one.state == UPHELD and one.closed_at == counts_from:
                    one.state, one.closed_at = REJECTED, at
    return known


def _close(known: dict[str, Outcome], outcome: str | None, at: datetime) -> None:
    for one in known.values():
        if one.state == OPEN:
            one.state, one.closed_at = (UPHELD if outcome == Decision.Outcome.VIOLATION else REJECTED), at


def _open_again(known: dict[str, Outcome], concerned: Any) -> None:
    for one in known.values():
        if one.state in (UPHELD, REJECTED) and concerned(one):
            one.state, one.closed_at, one.bad_faith = OPEN, None, False


def _shown(one: Outcome) -> str:
    since = f" since {one.closed_at.isoformat()}" if one.closed_at else ""
    return f"“{one.state}”{since}{', in bad faith' if one.bad_faith else ''}"


# An action that gives a row other words says what it found there: the newest that any event had said before.
_FOUND = """
WITH found AS (
    SELECT event.id, event.number, event.case_id, one.key, one.value
    FROM cases_event event, jsonb_each_text(event.data -> 'found') one
    WHERE event.data ? 'found'
), said AS (
    SELECT DISTINCT ON (found.id, found.key) found.id, found.key, one.value
    FROM cases_event event, jsonb_each_text(event.rows) one, found
    WHERE event.rows IS NOT NULL AND one.key = found.key AND event.id < found.id
    ORDER BY found.id, found.key, event.id DESC
)
SELECT found.key, found.number, home.public_id
FROM found JOIN said ON said.id = found.id AND said.key = found.key
JOIN cases_case home ON home.id = found.case_id
WHERE said.value IS DISTINCT FROM found.value
ORDER BY found.id
"""


def check_found() -> Iterator[str]:
    """What was there when somebody changed it must be what was said of it, or its earlier words are not real."""
    if not Event.objects.filter(data__has_key="found").exists():
        return
    with connection.cursor() as cursor:
        cursor.execute(_FOUND)
        while rows := cursor.fetchmany(AT_ONCE):
            for key, number, case in rows:
                name = key.replace(":", " ", 1)
                yield f"The {name} of case {case.hex} was changed before event {number}, and no event says so."
