"""Checking the chains: each event against the one before, the heads against the cases, both against the file (J6)."""

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import F

from moderation.cases.chain import event_hash
from moderation.cases.checkpoints import JOURNAL, BrokenCheckpoints, read_checkpoints
from moderation.cases.models import Case, Event, Journal, JournalEvent
from moderation.cases.seals import OF_CASE, case_says

AT_ONCE = 2_000


def read_lines() -> str:
    """Put every line of the file of checkpoints beside the tables, up to a broken one; says what is broken, or ""."""
    lines = enumerate(read_checkpoints())
    while True:
        batch: list[tuple[int, dict[str, Any]]] = []
        broken = ""
        try:
            batch += islice(lines, AT_ONCE)
        except BrokenCheckpoints as error:
            broken = str(error)
        if batch:
            _keep(batch)
        if broken or not batch:
            return broken


def _keep(batch: list[tuple[int, dict[str, Any]]]) -> None:
    rows = [(number, line["case"], line["count"], line["head"], line["at"]) for number, line in batch]
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO audit_lines VALUES (%s, %s, %s, %s, %s)", rows)


def check_chains() -> Iterator[str]:
    """Every event of every case in its order, and the head of every case."""
    known: _Chain | None = None
    columns = ("case_id", "case__public_id", "case__event_count", "case__event_head", "number", "kind", "actor_id",
               "case_version", "data", "at", "previous", "hash", "rows")  # fmt: skip
    events = Event.objects.order_by("case_id", "number").values_list(*columns)
    for case, public_id, count, head, *event in events.iterator(AT_ONCE):
        if known is None or known.case != case:
            if known is not None:
                yield from known.end()
            known = _Chain(case, public_id.hex, count, head)
        yield from known.take(*event)
    if known is not None:
        yield from known.end()
    without = Case.objects.filter(events=None).exclude(event_count=0, event_head="")
    for public_id, count in without.values_list("public_id", "event_count").order_by("pk").iterator(AT_ONCE):
        yield f"Case {public_id.hex} counts {count} events but has 0, or another head."


class _Chain:
    """The chain of one case as it is read."""

    def __init__(self, case: int, name: str, count: int, head: str) -> None:
        self.case, self._name, self._count, self._head = case, name, count, head
        self._previous, self._expected = "", 1

    def take(
        self, number: int, kind: str, actor_id: int, version: int, data: Any, at: Any, previous: str, hashed: str,
        rows: Any,
    ) -> Iterator[str]:  # fmt: skip
        name = f"Event {number} of case {self._name}"
        if number != self._expected:
            yield f"{name} follows number {self._expected - 1}: events between are missing."
        digest = event_hash(
            case=self._name, number=number, kind=kind, actor_id=actor_id, case_version=version, data=data, at=at,
            previous=self._previous, rows=rows,
        )  # fmt: skip
        if previous != self._previous or hashed != digest:
            yield f"{name} was changed."
        self._previous, self._expected = hashed, number + 1

    def end(self) -> Iterator[str]:
        if (self._count, self._head) != (self._expected - 1, self._previous):
            has = self._expected - 1
            yield f"Case {self._name} counts {self._count} events but has {has}, or another head."


_LINES = """
SELECT line.chain, line.count, line.at, one.id IS NULL
FROM audit_lines line
LEFT JOIN cases_case one ON one.public_id = line.chain::uuid
LEFT JOIN cases_event event ON event.case_id = one.id AND event.number = line.count
WHERE line.chain <> %s AND (one.id IS NULL OR event.hash IS DISTINCT FROM line.head)
ORDER BY line.line
"""
_MARKS = """
SELECT one.public_id, one.checkpointed FROM cases_case one
WHERE one.checkpointed > 0 AND NOT EXISTS (
    SELECT FROM audit_lines line
    WHERE line.chain = replace(one.public_id::text, '-', '') AND line.count = one.checkpointed)
ORDER BY one.id
"""


def check_lines(broken: str) -> Iterator[str]:
    """Every line of the file against its chain, and every mark of a case against the file, unless that is `broken`."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX IF NOT EXISTS audit_lines_chain ON audit_lines (chain, count)")
        cursor.execute("ANALYZE audit_lines")
        cursor.execute(_LINES, [JOURNAL])
        while found := cursor.fetchmany(AT_ONCE):
            for chain, count, at, is_gone in found:
                if is_gone:
                    yield f"Case {chain} is gone; it had {count} events on {at}."
                else:
                    yield f"Case {chain} does not match its checkpoint of {at} at event {count}."
        cursor.execute(_MARKS)
        missing = {(public_id.hex, count) for public_id, count in cursor.fetchall()}
    if missing and not broken:
        # Written since the file was read: before the moment that we look at.
        missing -= _written(missing)
        for name, count in sorted(missing):
            yield f"The checkpoint of case {name} at event {count} is missing from the file."


def _written(wanted: set[tuple[str, int]]) -> set[tuple[str, int]]:
    found = set()
    try:
        for line in read_checkpoints():
            if (mark := (line["case"], line["count"])) in wanted:
                found.add(mark)
    except BrokenCheckpoints:
        pass
    return found


def check_journal() -> Iterator[str]:
    """The chain of what belongs to no case, in the same way."""
    previous, expected = "", 1
    for event in JournalEvent.objects.order_by("number").iterator(AT_ONCE):
        if event.number != expected:
            yield f"Event {event.number} of the journal follows number {expected - 1}: events between are missing."
        digest = event_hash(
            case=JOURNAL, number=event.number, kind=event.kind, actor_id=event.actor_id, case_version=0,
            data=event.data, at=event.at, previous=previous, rows=event.rows,
        )  # fmt: skip
        if event.previous != previous or event.hash != digest:
            yield f"Event {event.number} of the journal was changed."
        previous, expected = event.hash, event.number + 1
    row = Journal.objects.first()
    if row is None or (row.count, row.head) != (expected - 1, previous):
        yield f"The journal counts {row.count if row else 0} events but has {expected - 1}, or another head."
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT line.count, line.at FROM audit_lines line LEFT JOIN cases_journalevent event ON "
            "event.number = line.count WHERE line.chain = %s AND event.hash IS DISTINCT FROM line.head",
            [JOURNAL],
        )
        for count, at in cursor.fetchall():
            yield f"The journal does not match its checkpoint of {at} at event {count}."


_SAID = {
    "kind": "kind", "subject": "subject", "subject_kind": "kind of subject", "state": "state", "clause_id": "clause",
    "track": "track", "lane_id": "lane", "at_risk": "mark of a person at risk", "assignee_id": "assignee",
    "not_by": "list of who may not decide", "opened_at": "opening", "decided_at": "moment of the decision",
}  # fmt: skip


def check_cases(uncovered: Counter[str]) -> Iterator[str]:
    """What each case is must be what its last event left."""
    last = Event.objects.filter(number=F("case__event_count")).select_related("case__subject").order_by("case_id")
    for event in last.only("rows", "number", "case").iterator(AT_ONCE):
        case = event.case
        if event.rows is None:
            uncovered["cases"] += 1
            continue
        said, is_now = (event.rows.get("case") or [None] * len(OF_CASE)), case_says(case)
        for name, before, now in zip(OF_CASE, said, is_now, strict=True):
            if before == now or (name == "subject" and before == case.subject.public_id.hex):
                continue
            if name == "assignee_id" and now is None:
                continue  # given back by what parked it, or by its decision
            yield (
                f"The {_SAID[name]} of case {case.public_id.hex} is {_shown(now)}, and by event {event.number} it is "
                f"{_shown(before)}."
            )


def _shown(value: Any) -> str:
    return "none" if value in (None, "", []) else str(value)
