"""Checking the chains of events against themselves, their texts, the rows they speak of and the checkpoints (J6).

Everything is asked of one moment of the database, in batches: what is in memory at once does not grow with the cases.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, Subquery, UUIDField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from moderation.cases.chain import WORDS_DESTROYED, text_digest
from moderation.cases.events import unseal
from moderation.cases.models import Decision, Event, EventText
from moderation.cases.verify_chains import check_cases, check_chains, check_journal, check_lines, read_lines
from moderation.cases.verify_files import check_files, check_quarantines
from moderation.cases.verify_reports import check_found, check_outcomes
from moderation.cases.verify_rows import check_rows
from moderation.reports.models import Report

AT_ONCE = 2_000
# Kinds of events that make a decision.
DECIDED = ("case.decided", "case.acted_on")
# What is kept for the time of one check: the lines of the file, and what the newest event says of each row.
_TABLES = """
DROP TABLE IF EXISTS pg_temp.audit_lines, pg_temp.audit_seals;
CREATE TEMPORARY TABLE audit_lines (line bigint PRIMARY KEY, chain text, count bigint, head text, at text);
CREATE TEMPORARY TABLE audit_seals (key text PRIMARY KEY, digest text, case_id bigint, number bigint);
"""


def find_faults(uncovered: Counter[str] | None = None) -> Iterator[str]:
    """A sentence for every fault: changed, missing or reordered events, changed texts, cut tails, lost cases.

    And every row that events speak of and that is not as they say: changed, deleted, or added by nobody. `uncovered`
    counts what is older than events that speak of rows, and so is not checked, by what it is.
    """
    uncovered = Counter() if uncovered is None else uncovered
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
    # Read before the moment that is looked at: chains and the file only grow, so what it says is there.
    broken = read_lines()
    with _one_moment():
        yield from check_chains()
        yield from check_lines(broken)
        yield from check_journal()
        yield from check_cases(uncovered)
        yield from _check_texts(uncovered)
        yield from _check_decisions()
        yield from _check_reports()
        yield from check_outcomes()
        yield from check_found()
        yield from check_rows(uncovered)
        yield from check_quarantines()
        yield from check_files()
    if broken:
        yield broken


@contextmanager
def _one_moment() -> Iterator[None]:
    """Everything that is asked sees the database as it is now; where a transaction runs, as that sees it."""
    alone = not connection.in_atomic_block
    with transaction.atomic():
        if alone:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def _check_texts(uncovered: Counter[str]) -> Iterator[str]:
    """Texts must be those the events speak of; one whose key was destroyed is gone by an event that says so."""
    lost = Event.objects.filter(data__has_key="text", sealed=None).select_related("case")
    for event in lost.order_by("pk").iterator(AT_ONCE):
        yield f"The text of event {event.number} of case {event.case.public_id.hex} is gone, not only its key."
    sealed = EventText.objects.select_related("event__case", "key")
    for one in sealed.filter(key__isnull=False).order_by("pk").iterator(AT_ONCE):
        name = f"The text of event {one.event.number} of case {one.event.case.public_id.hex}"
        try:
            text = unseal(one)
        except Exception:  # noqa: BLE001 - whatever the ciphertext was changed into
            yield f"{name} cannot be read."
            continue
        if text_digest(text, one.salt) != one.event.data.get("text"):
            yield f"{name} was changed."
    with connection.cursor() as cursor:
        cursor.execute(_KEYS_GONE, [WORDS_DESTROYED])
        while found := cursor.fetchmany(AT_ONCE):
            for number, case, covered in found:
                if covered:
                    name = f"the text of event {number} of case {case.hex}"
                    yield f"The key of {name} is gone, and no event destroyed it."
                else:
                    uncovered["keys of texts"] += 1


_KEYS_GONE = """
SELECT event.number, one.public_id, event.rows IS NOT NULL
FROM cases_eventtext sealed
JOIN cases_event event ON event.id = sealed.event_id
JOIN cases_case one ON one.id = event.case_id
WHERE NOT EXISTS (SELECT FROM cases_textkey kept WHERE kept.text_id = sealed.id)
  AND NOT EXISTS (
    SELECT FROM cases_event away
    WHERE away.case_id = event.case_id AND away.kind = %s AND away.data -> 'events' @> to_jsonb(event.number))
ORDER BY sealed.id
"""


def _check_decisions() -> Iterator[str]:
    """Every decision must be the one of which its event speaks, and every such event must have its decision."""
    # What a second moderator confirmed counts from then on.
    named = Cast(KeyTextTransform("decision", "data"), UUIDField())
    confirmed = Event.objects.filter(case=OuterRef("case"), kind="decision.confirmed").alias(named=named)
    confirmed_at = Subquery(confirmed.filter(named=OuterRef("public_id")).order_by("-number").values("at")[:1])
    rows = Decision.objects.select_related("event__case", "clause").annotate(confirmed_at=confirmed_at).order_by("pk")
    for one in rows.iterator(AT_ONCE):
        event = one.event
        at = one.confirmed_at or event.at  # type: ignore[attr-defined]  # the annotation
        said = (event.case_id, event.actor_id, event.data.get("outcome"), event.data.get("clause"), at)
        clause = one.clause.code if one.clause else ""
        if said != (one.case_id, one.actor_id, one.outcome, clause, one.decided_at):
            yield f"The decision {one.public_id.hex} of case {event.case.public_id.hex} is not what its event says."
    lost = Event.objects.filter(kind__in=DECIDED, decision=None).select_related("case").order_by("pk")
    for event in lost.iterator(AT_ONCE):
        yield f"Event {event.number} of case {event.case.public_id.hex} has no decision any more."


def _check_reports() -> Iterator[str]:
    """Every report of which an event speaks must be there, in its case; what it says is its reporter's (B5)."""
    events = Event.objects.filter(kind="report.received").annotate(named=KeyTextTransform("report", "data"))
    there = Report.objects.filter(Q(case_report__case=OuterRef("case")), public_id=Cast(OuterRef("named"), UUIDField()))
    for event in events.filter(~Exists(there)).select_related("case").order_by("pk").iterator(AT_ONCE):
        yield f"Event {event.number} of case {event.case.public_id.hex} has no report any more."
