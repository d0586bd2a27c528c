"""What an event says of rows that are not its own: a keyed digest of each as it left it (J6).

A row beside the events (a decision, a measure, what somebody wrote to us) is as the last event says that sealed it.
Whoever changes, deletes or adds one past the application cannot make its digest: the key is outside the database.
Digests hold no words, and nobody who has the database alone can try words on them.

Every column of a covered model is either in its digest or among its exceptions, each with the reason; a test asks for
every new one to be decided about.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import cache
from json import JSONEncoder
from typing import Any
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Model, Q, QuerySet
from django.db.models.expressions import DatabaseDefault

from moderation.cases.chain import keyed
from moderation.cases.models import (
    Case,
    CaseLink,
    CaseReport,
    Confirmation,
    Decision,
    Party,
    PartyMessage,
    ReasonTemplate,
)
from moderation.reports.models import (
    Attachment,
    CounterStatement,
    PreservedFile,
    Report,
    ReportVersion,
    RightsClaim,
    Sender,
)
from moderation.sanctions.models import Measure, StandingCondition, StatementOfReasons
from moderation.subjects.models import TARGETS, Snapshot

KEY = "the key of the database: nothing of ours says it, and the row is known by its public id"
PROJECTION = "computed from other rows, and computed again"
BY_THE_CLOCK = "time alone moves it; the row says only until when"
BY_EVENTS = "follows from the events, and is computed from them again (verify_reports.py)"
OPENS_ITS_FILE = "opens its file: that the content is what its digest says, is looked at (verify_files.py)"


@dataclass(frozen=True)
class Covered:
    """A model whose rows events seal: what a row is known by, what of it a digest covers, and what not and why."""

    name: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    exceptions: Mapping[str, str] = field(default_factory=dict)
    # Which of the columns an action may change, as it may what is linked. The others have a digest of their own, in
    # which all events that speak of a row must agree: whoever tampers with one is found after a change sealed it anew.
    changing: frozenset[str] = frozenset()
    # Of what belongs to it in a table between: the public ids of these, sorted.
    links: str = ""
    # When it came; and the public id of its case, for words. One that no event speaks of is forged, where everything
    # was written down since then.
    moment: str = ""
    case: str = ""


# What a claim of rights says (C5); and what a row says of a file, of which nothing is left once that was destroyed.
CLAIMED = ("right", "work", "location", "holder", "name", "address", "phone", "email", "good_faith", "accurate",
           "signature")  # fmt: skip
OF_FILE = ("name", "media_type", "size", "sha256", "created_at")
ERASED_OF_FILE = frozenset({"name", "sha256"})

COVERED: dict[type[Model], Covered] = {
    CaseReport: Covered(
        "report in a case",
        ("report__public_id",),
        ("case__public_id",),
        {"id": KEY, "report": "what it is known by", "case": "by its public id"},
        moment="report__created_at",
        case="case__public_id",
    ),
    Report: Covered(
        "report",
        ("public_id",),
        ("clause_id", "reporter_id", "ground", "confidential", "channel", "entered_by_id", "danger", "trusted", "batch",
         "created_at", "request_id", "subject__public_id", "snapshot__part", "snapshot__revision", "text", "links",
         "passage", "changed_at"),
        {
            "id": KEY,
            "public_id": "what it is known by",
            "subject": "by its public id",
            "snapshot": "by what that is known by",
            "address": "deleted after 30 days (J4)",
            "discussion": "where it was said in public: whoever reads there sees it",
            "state": BY_EVENTS,
            "closed_at": BY_EVENTS,
            "bad_faith": BY_EVENTS,
        },
        # Changed by its reporter (B5), erased or locked away (C6, C9), taken over from a guest (C7).
        frozenset({"reporter_id", "text", "links", "passage", "changed_at"}),
        moment="created_at",
        case="case_report__case__public_id",
    ),
    ReportVersion: Covered(
        "earlier version of a report",
        ("report__public_id", "number"),
        ("text", "links", "passage", "replaced_at"),
        {"id": KEY, "report": "what it is known by", "number": "what it is known by"},
        frozenset({"text", "links", "passage"}),  # erased or locked away (C6, C9)
        moment="replaced_at",
        case="report__case_report__case__public_id",
    ),
    Sender: Covered(
        "sender of a report",
        ("report__public_id",),
        ("name", "contact", "reference", "received_at"),
        {"id": KEY, "report": "what it is known by"},
        moment="report__created_at",
        case="report__case_report__case__public_id",
    ),
    RightsClaim: Covered(
        "claim of rights",
        ("report__public_id",),
        CLAIMED,
        {"id": KEY, "report": "what it is known by"},
        frozenset(CLAIMED),  # completed by the claimant (C5)
        moment="report__created_at",
        case="report__case_report__case__public_id",
    ),
    CounterStatement: Covered(
        "counter-statement",
        ("public_id",),
        ("claim__report__public_id", "author_id", "text", "location", "name", "address", "phone", "good_faith",
         "jurisdiction", "signature", "created_at", "restore_at", "suit_filed_at", "restored_at"),
        {"id": KEY, "public_id": "what it is known by", "claim": "by the public id of its report"},
        frozenset({"suit_filed_at", "restored_at"}),
        moment="created_at",
        case="claim__report__case_report__case__public_id",
    ),
    Attachment: Covered(
        "file of a report",
        ("public_id",),
        ("report__public_id", *OF_FILE),
        {"id": KEY, "public_id": "what it is known by", "report": "by its public id", "key": OPENS_ITS_FILE},
        ERASED_OF_FILE,
        moment="created_at",
        case="report__case_report__case__public_id",
    ),
    PreservedFile: Covered(
        "file kept for the authorities",
        ("public_id",),
        ("quarantine__snapshot__subject__public_id", "quarantine__snapshot__revision", *OF_FILE),
        {"id": KEY, "public_id": "what it is known by", "quarantine": "by its snapshot", "key": OPENS_ITS_FILE},
        ERASED_OF_FILE,
        moment="created_at",
    ),
    Decision: Covered(
        "decision",
        ("public_id",),
        ("case__public_id", "actor_id", "outcome", "clause_id", "policy_version_id", "interim", "bulk_id", "undone_at",
         "undone_by_id", "overturned", "overturned_at", "override", "decided_at", "request_id"),
        {"id": KEY, "public_id": "what it is known by", "case": "by its public id",
         "event": "compared with the event itself"},
        frozenset({"undone_at", "undone_by_id", "overturned", "overturned_at", "decided_at"}),
        links="measures",
        moment="decided_at",
        case="case__public_id",
    ),
    Confirmation: Covered(
        "confirmation by a second moderator",
        ("decision__public_id",),
        ("orders", "after", "hold__public_id", "due_at", "state", "actor_id", "first_decider_id", "settled_at"),
        {"id": KEY, "decision": "what it is known by", "hold": "by its public id"},
        frozenset({"state", "actor_id", "settled_at"}),
        moment="decision__decided_at",
        case="decision__case__public_id",
    ),
    Measure: Covered(
        "measure",
        ("public_id",),
        ("kind", "subject_id", "person_id", "clause_id", "policy_version_id", "reason", "actor_id", "automated",
         "interim", "starts_at", "ends_at", "lifted_at", "lifted_by_id", "lift_reason", "until_done",
         "part_of__public_id", "restriction_id", "posting_restriction_id", "hiding_id", "limit_id", "name_reset_id",
         "owner_request_id", "erasure_id"),
        {"id": KEY, "public_id": "what it is known by", "part_of": "by its public id",
         "discussion": "where it was said in public: whoever reads there sees it"},
        frozenset({"interim", "ends_at", "clause_id", "policy_version_id", "part_of__public_id", "until_done",
                   "lifted_at", "lifted_by_id", "lift_reason"}),
        moment="starts_at",
    ),
    StatementOfReasons: Covered(
        "statement of reasons",
        ("public_id",),
        ("decision_id", "recipient_id", "subject_id", "clause_id", "policy_version_id", "facts", "automated_detection",
         "automated_decision", "contest_until", "created_at"),
        {"id": KEY, "public_id": "what it is known by"},
        links="measures",
        moment="created_at",
    ),
    StandingCondition: Covered(
        "condition",
        ("public_id",),
        ("subject_id", "condition", "clause_id", "decision_id", "actor_id", "created_at", "withdrawn_at",
         "withdrawn_by_id", "withdraw_reason"),
        {"id": KEY, "public_id": "what it is known by",
         "kept_since": PROJECTION + " from what the owner chose; a break is an event",
         "broken_at": PROJECTION + " from what the owner chose; a break is an event"},
        frozenset({"withdrawn_at", "withdrawn_by_id", "withdraw_reason"}),
        moment="created_at",
    ),
    Party: Covered(
        "party",
        ("public_id",),
        ("case__public_id", "role", "user_id", "organization_id", "named", "invited_by_id", "left_at"),
        {
            "id": KEY,
            "public_id": "what it is known by",
            "case": "by its public id",
            "joined_at": "when its first event says",
            "asked_at": "its clock: " + BY_THE_CLOCK + "; what we and they wrote is covered, and says when",
            "answer_until": "its clock",
            "paused_at": "its clock",
            "left": "its clock",
            "answered_at": "its clock",
        },
        frozenset({"role", "user_id", "organization_id", "named", "left_at"}),
        moment="joined_at",
        case="case__public_id",
    ),
    PartyMessage: Covered(
        "message",
        ("public_id",),
        ("party__public_id", "author_id", "from_team", "text", "created_at", "request_id"),
        {"id": KEY, "public_id": "what it is known by", "party": "by its public id"},
        frozenset({"text"}),  # erased (C6)
        moment="created_at",
        case="party__case__public_id",
    ),
    CaseLink: Covered(
        "link of two cases",
        ("first__public_id", "second__public_id"),
        ("reason", "actor_id", "created_at"),
        {"id": KEY, "first": "what it is known by", "second": "what it is known by"},
        frozenset({"reason", "actor_id", "created_at"}),  # taken away, and linked again
        moment="created_at",
        case="first__public_id",
    ),
    Snapshot: Covered(
        "snapshot",
        ("subject__public_id", "part", "revision"),
        # And what its subject is: the row of that says nothing else.
        ("title", "text", "author_name", "language", "taken_at", "sealed", "erased", *(f"subject__{one}_id" for one in
         TARGETS)),
        {"id": KEY, "subject": "what it is known by", "part": "what it is known by", "revision": "what it is known by"},
        frozenset({"title", "text", "sealed", "erased"}),
        moment="taken_at",
    ),
    ReasonTemplate: Covered(
        "template of reasons",
        ("public_id",),
        ("title", "text", "language", "outcome", "clause_id", "measures", "ends", "active", "created_by_id",
         "changed_at"),
        {"id": KEY, "public_id": "what it is known by"},
        frozenset({"title", "text", "language", "outcome", "clause_id", "measures", "ends", "active", "changed_at"}),
        moment="changed_at",
    ),
}  # fmt: skip

# What every event says of its case as it left it, in this order. Plain, since these are ids and codes.
OF_CASE = ("kind", "subject", "subject_kind", "state", "clause_id", "track", "lane_id", "at_risk", "assignee_id",
           "not_by", "opened_at", "decided_at")  # fmt: skip
CASE_EXCEPTIONS = {
    "id": KEY,
    "public_id": "in the hash of every event of it",
    "language": "of what was reported: says who is asked first, and nothing follows from it",
    "version": "what its last event says; a decision on a stale one is refused",
    "answered_at": PROJECTION + ": since when answers wait for a reader",
    "due_at": PROJECTION + " from the deadlines",
    "parked": BY_THE_CLOCK + "; why it waits is an event (snoozed, asked, decided)",
    "parked_until": BY_THE_CLOCK,
    "points": PROJECTION,
    "rank": PROJECTION,
    "formula": PROJECTION,
    "best_label": PROJECTION,
    "best_value": PROJECTION,
    "best_level": PROJECTION,
    "reach": PROJECTION,
    "ranked_at": PROJECTION,
    "author": PROJECTION + " when it is ranked",
    "organization": PROJECTION + " when it is ranked",
    "reserved": PROJECTION + " from the lane",
    "report_count": PROJECTION + " from its reports, which are covered",
    "lease_until": BY_THE_CLOCK + ": an open page renews it every few minutes",
    "event_count": "compared with the events",
    "event_head": "compared with the events",
    "checkpointed": "compared with the checkpoints",
}


def cover(model: type[Model], one: Covered) -> None:
    """Let events say what they leave of rows of `model`, of a room above: when its app is ready, once."""
    if COVERED.setdefault(model, one) is not one:
        raise ValueError(f"{model.__name__} is covered already.")


HALF = 32
Sealed = Model | tuple[Model, Iterable[Model]]


def case_says(case: Case) -> list[Any]:
    """OF_CASE of `case` as it is in memory, as an event holds it; of a subject that is not saved yet its public id."""
    subject: Any = case.subject_id
    if subject is None:
        subject = case._state.fields_cache["subject"].public_id.hex
    opened, decided = (one and one.astimezone(UTC).isoformat() for one in (case.opened_at, case.decided_at))
    return [
        str(case.kind), subject, case.subject_kind, str(case.state), case.clause_id, str(case.track), case.lane_id,
        case.at_risk, case.assignee_id, sorted(case.not_by), opened, decided,
    ]  # fmt: skip


def digests(things: Iterable[Sealed]) -> dict[str, str | None]:
    """What an event says of these rows, as they are in memory; a row with what is linked to it, or without asking.

    No query where what they name is loaded, and what is linked given.
    """
    found: dict[str, str | None] = {}
    for thing in things:
        row, linked = thing if isinstance(thing, tuple) else (thing, None)
        one = COVERED[type(row)]
        found[key_of(row)] = digest_of(one, [_value(row, path) for path in one.columns], _linked(row, one, linked))
    return found


def gone(row: Model) -> dict[str, str | None]:
    """What an event says of a row that it deletes."""
    return {key_of(row): None}


def key_of(row: Model) -> str:
    """What a row is known by in events."""
    one = COVERED[type(row)]
    return key_from(one, [_value(row, path) for path in one.key])


def key_from(one: Covered, values: Sequence[Any]) -> str:
    """The same from the values of its key."""
    said = ":".join(value.hex if isinstance(value, UUID) else str(value) for value in values)
    # Where that is long it is shortened, by a digest of what is no secret.
    short = said if len(said) <= 65 else hashlib.sha256(said.encode()).hexdigest()[:32]
    return f"{one.name}:{short}"


def digest_of(one: Covered, values: Sequence[Any], linked: Sequence[UUID] | None = None) -> str:
    """Two digests of the values of a row, with a dot between: of what never changes, and of what an action may change.

    Each half of an HMAC-SHA-256, in hexadecimal: 128 bits.
    """
    links = sorted(public_id.hex for public_id in linked) if linked is not None else None
    named = list(zip(one.columns, values, strict=True))
    fixed = [value for name, value in named if name not in one.changing]
    changing = [value for name, value in named if name in one.changing]
    first = keyed(_encoded([one.name, "fixed", fixed]))[:HALF]
    return f"{first}.{keyed(_encoded([one.name, 'changing', changing, links]))[:HALF]}"


def rows_of(model: type[Model]) -> "QuerySet[Any, tuple[Any, ...]]":
    """Every row of a covered model, by its key: the values of its key, its columns, its moment, its case, and links."""
    one = COVERED[model]
    names = [*one.key, *one.columns, one.moment or "pk", one.case or "pk"]
    rows = model._default_manager.order_by("pk")
    if one.links:
        public_ids = f"{one.links}__public_id"
        linked = ArrayAgg(public_ids, filter=Q(**{f"{public_ids}__isnull": False}), default=[])
        rows, names = rows.annotate(linked_ids=linked), [*names, "linked_ids"]
    plain: QuerySet[Any, tuple[Any, ...]] = rows.values_list(*names)
    return plain


def _linked(row: Model, one: Covered, given: Iterable[Model] | None) -> list[UUID] | None:
    if not one.links:
        return None
    if given is None:
        return list(getattr(row, one.links).values_list("public_id", flat=True))
    return [other.public_id for other in given]  # type: ignore[attr-defined]


def _value(row: Any, path: str) -> Any:
    for name in _parts(path):
        if row is None:
            return None
        value = getattr(row, name)
        if type(value) is DatabaseDefault:
            row.refresh_from_db(fields=[name])
            value = getattr(row, name)
        row = value
    return row


@cache
def _parts(path: str) -> tuple[str, ...]:
    return tuple(path.split("__"))


class _Encoder(JSONEncoder):
    """The same text for a value whether it was just given or comes from the database."""

    def default(self, value: Any) -> Any:
        if isinstance(value, datetime):
            return value.astimezone(UTC).isoformat()
        if isinstance(value, UUID):
            return value.hex
        if isinstance(value, timedelta):
            return value.total_seconds()
        if isinstance(value, Enum):
            return value.value
        return super().default(value)


_encoded = _Encoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode
