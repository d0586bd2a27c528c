"""Checking the event chains against themselves, the cases and the checkpoints (J6)."""

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, UUIDField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from moderation.cases.chain import event_hash, text_digest
from moderation.cases.checkpoints import BrokenCheckpoints, read_checkpoints
from moderation.cases.events import unseal
from moderation.cases.models import Case, Decision, Event, EventText
from moderation.reports.models import Report

# Kinds of events that make a decision.
DECIDED = ("case.decided", "case.acted_on")


def find_faults() -> Iterator[str]:
    """A sentence for every fault: changed, missing or reordered events, changed texts, cut tails, lost cases.

    And decisions that are not what their events say, and reports that are gone.
    """
    # In this order, because chains and the file only grow: what is written while we look contradicts nothing.
    marks = dict(Case.objects.filter(checkpointed__gt=0).values_list("public_id", "checkpointed"))
    checkpoints, broken = _checkpoints()
    heads: dict[str, dict[int, str]] = {}
    for case in Case.objects.order_by("pk").iterator():
        chain: dict[int, str] = {}
        heads[case.public_id.hex] = chain
        yield from _faults_of(case, chain)
    yield from _check_texts()
    yield from _check_decisions()
    yield from _check_reports()
    for line in checkpoints:
        held = heads.get(line["case"])
        if held is None:
            yield f"Case {line['case']} is gone; it had {line['count']} events on {line['at']}."
        elif held.get(line["count"]) != line["head"]:
            yield f"Case {line['case']} does not match its checkpoint of {line['at']} at event {line['count']}."
    written = {(line["case"], line["count"]) for line in checkpoints}
    for public_id, count in marks.items():
        if (public_id.hex, count) not in written and not broken:
            yield f"The checkpoint of case {public_id.hex} at event {count} is missing from the file."
    if broken:
        yield broken


def _checkpoints() -> tuple[list[dict[str, Any]], str]:
    """Every checkpoint up to a broken one, and what is broken."""
    lines: list[dict[str, Any]] = []
    try:
        for line in read_checkpoints():
            lines.append(line)
    except BrokenCheckpoints as error:
        return lines, str(error)
    return lines, ""


def _faults_of(case: Case, chain: dict[int, str]) -> list[str]:
    """The faults of one case. A fault is looked for again under the lock: an event may have come in between."""
    if not list(_check_chain(case, chain)):
        return []
    with transaction.atomic():
        chain.clear()
        locked = Case.objects.select_for_update().filter(pk=case.pk).first()
        return list(_check_chain(locked, chain)) if locked else []


def _check_chain(case: Case, chain: dict[int, str]) -> Iterator[str]:
    previous, expected = "", 1
    for event in Event.objects.filter(case=case).order_by("number").iterator():
        name = f"Event {event.number} of case {case.public_id.hex}"
        if event.number != expected:
            yield f"{name} follows number {expected - 1}: events between are missing."
        digest = event_hash(
            case=case.public_id.hex,
            number=event.number,
            kind=event.kind,
            actor_id=event.actor_id,
            case_version=event.case_version,
            data=event.data,
            at=event.at,
            previous=previous,
        )
        if event.previous != previous or event.hash != digest:
            yield f"{name} was changed."
        previous, expected = event.hash, event.number + 1
        chain[event.number] = event.hash
    if (case.event_count, case.event_head) != (expected - 1, previous):
        yield f"Case {case.public_id.hex} counts {case.event_count} events but has {expected - 1}, or another head."


def _check_texts() -> Iterator[str]:
    """Texts must be those the events speak of; one whose key was destroyed is gone on purpose, and stays there."""
    lost = Event.objects.filter(data__has_key="text", sealed=None).select_related("case")
    for event in lost.order_by("pk").iterator():
        yield f"The text of event {event.number} of case {event.case.public_id.hex} is gone, not only its key."
    sealed = EventText.objects.select_related("event__case", "key")
    for one in sealed.filter(key__isnull=False).order_by("pk").iterator():
        name = f"The text of event {one.event.number} of case {one.event.case.public_id.hex}"
        try:
            text = unseal(one)
        except Exception:  # noqa: BLE001 - whatever the ciphertext was changed into
            yield f"{name} cannot be read."
            continue
        if text_digest(text, one.salt) != one.event.data.get("text"):
            yield f"{name} was changed."


def _check_decisions() -> Iterator[str]:
    """Every decision must be the one of which its event speaks, and every such event must have its decision."""
    rows = Decision.objects.select_related("event__case", "clause").order_by("pk")
    # What a second moderator confirmed counts from then on.
    confirmed = dict(Event.objects.filter(kind="decision.confirmed").values_list("data__decision", "at"))
    for one in rows.iterator():
        event = one.event
        at = confirmed.get(one.public_id.hex, event.at)
        said = (event.case_id, event.actor_id, event.data.get("outcome"), event.data.get("clause"), at)
        clause = one.clause.code if one.clause else ""
        if said != (one.case_id, one.actor_id, one.outcome, clause, one.decided_at):
            yield f"The decision {one.public_id.hex} of case {event.case.public_id.hex} is not what its event says."
    lost = Event.objects.filter(kind__in=DECIDED, decision=None).select_related("case").order_by("pk")
    for event in lost.iterator():
        yield f"Event {event.number} of case {event.case.public_id.hex} has no decision any more."


def _check_reports() -> Iterator[str]:
    """Every report of which an event speaks must be there; what it says is its reporter's to change (B5)."""
    events = Event.objects.filter(kind="report.received").annotate(named=KeyTextTransform("report", "data"))
    there = Report.objects.filter(public_id=Cast(OuterRef("named"), UUIDField()))
    for event in events.filter(~Exists(there)).select_related("case").order_by("pk").iterator():
        yield f"Event {event.number} of case {event.case.public_id.hex} has no report any more."
