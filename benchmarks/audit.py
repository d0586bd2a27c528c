"""`python -m benchmarks.audit`: time and memory of `verify_events` on the database of DATABASE_URL.

That is one filled by `python -m benchmarks.cases_data`. Its cases have no events yet: those of reports and
decisions are written first, with their words and a checkpoint of every case, so that nothing is found.
"""

import resource
import time
from collections import Counter
from datetime import datetime
from itertools import islice
from typing import Any

import django

django.setup()

from cryptography.fernet import Fernet  # noqa: E402
from django.db import connection, transaction  # noqa: E402

from accounts.models import User  # noqa: E402
from moderation.cases.chain import text_digest  # noqa: E402
from moderation.cases.checkpoints import write_checkpoints  # noqa: E402
from moderation.cases.events import draft_event  # noqa: E402
from moderation.cases.models import Case, CaseReport, Decision, Event, EventText, TextKey  # noqa: E402
from moderation.cases.seals import digests  # noqa: E402
from moderation.cases.verify import find_faults  # noqa: E402
from moderation.policy.models import PolicyVersion  # noqa: E402

AT_ONCE = 1_000
WORDS = "We looked at it, and this is why we decided so."


def write_events() -> int:
    """The events of every case that has none; returns how many."""
    actor, _made = User.objects.get_or_create(username="audited", defaults={"email": "audited@people.example"})
    policy, count, known = PolicyVersion.objects.order_by("pk").last(), 0, set[int]()
    assert policy is not None
    cases = Case.objects.filter(events=None).select_related("subject", "clause").order_by("pk")
    rows = cases.iterator(AT_ONCE)
    while batch := list(islice(rows, AT_ONCE)):
        with transaction.atomic():
            count += _write(batch, actor, policy, known)
    return count


def _write(batch: list[Case], actor: User, policy: PolicyVersion, known: set[int]) -> int:
    of_case: dict[int, list[CaseReport]] = {case.pk: [] for case in batch}
    about = ("case", "report__subject", "report__snapshot__subject")
    for joined in CaseReport.objects.filter(case__in=batch).select_related(*about).order_by("pk"):
        of_case[joined.case_id].append(joined)
    events: list[Any] = []
    decisions: list[Any] = []
    texts: list[Any] = []
    keys: list[Any] = []
    for case in batch:
        case.event_count, case.event_head, case.version, case.checkpointed = 0, "", 0, 0
        end, case.decided_at = case.decided_at, None
        state, case.state = case.state, Case.State.OPEN
        for joined in of_case[case.pk]:
            snapshot = joined.report.snapshot
            seals: list[Any] = [joined.report, joined, *([snapshot] if snapshot.pk not in known else [])]
            known.add(snapshot.pk)
            data: dict[str, Any] = {"report": joined.report.public_id.hex, "clause": case.clause.code}
            if joined is of_case[case.pk][-1] and end is None:
                case.state = state
            events.append(_event(case, "report.received", actor, data, joined.report.created_at, digests(seals)))
        if end is None:
            continue
        case.state, case.decided_at = state, end
        upheld = any(joined.report.state == "upheld" for joined in of_case[case.pk])
        outcome = Decision.Outcome.VIOLATION if upheld else Decision.Outcome.NO_VIOLATION
        clause = case.clause if upheld else None
        decision = Decision(
            case=case, actor=actor, outcome=outcome, clause=clause, policy_version=policy, decided_at=end
        )
        salt, key = "00" * 16, Fernet.generate_key()
        data = {"outcome": outcome, "clause": clause.code if clause else "", "measures": []}
        data["text"] = text_digest(WORDS, salt)
        decision.event = _event(case, "case.decided", actor, data, end, digests([(decision, ())]))
        events.append(decision.event)
        decisions.append(decision)
        texts.append(EventText(event=decision.event, salt=salt, ciphertext=Fernet(key).encrypt(WORDS.encode())))
        keys.append(TextKey(text=texts[-1], key=key))
    for rows in (events, decisions, texts, keys):
        for row in rows:
            field: Any
            for field in row._meta.concrete_fields:  # what it points to has a key by now
                if field.is_relation and field.is_cached(row) and (other := field.get_cached_value(row)) is not None:
                    setattr(row, field.attname, getattr(other, field.target_field.attname))
        if rows:
            type(rows[0])._default_manager.bulk_create(rows)
    Case.objects.bulk_update(batch, ["event_count", "event_head", "version", "checkpointed"])
    return len(events)


def _event(case: Case, kind: str, actor: User, data: dict[str, Any], at: datetime, left: Any) -> Event:
    return draft_event(case, kind, actor_id=actor.pk, data=data, moves=True, at=at, left=left)


def main() -> None:
    began = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE cases_decision DISABLE TRIGGER USER")
    written = write_events()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE cases_decision ENABLE TRIGGER USER")
        cursor.execute("ANALYZE")
    lines = write_checkpoints()
    print(f"{written:,} events and {lines:,} checkpoints written in {time.monotonic() - began:.0f} s")
    if written:
        print("Start it again: this process has grown by writing them.")
        return
    began, uncovered, used = time.monotonic(), Counter[str](), time.process_time()
    before = _peak()
    faults = list(islice(find_faults(uncovered), 20))
    print(*faults, sep="\n", end="\n" if faults else "")
    print(
        f"{Case.objects.count():,} cases, {Event.objects.count():,} events, {CaseReport.objects.count():,} reports: "
        f"{len(faults)} faults, {sum(uncovered.values())} not covered, in {time.monotonic() - began:.0f} s "
        f"({time.process_time() - used:.0f} s of this process), at most {_peak():,.0f} MB ({before:,.0f} before)"
    )


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
