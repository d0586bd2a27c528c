"""Writing events in the transaction of what they record, and reading their words (J6)."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import connection
from django.db.models import Model

from accounts.models import User
from accounts.queries import system_actor
from foundation import clock
from foundation.drafts import draft
from foundation.rows import Piece, insert_together
from moderation.cases import due
from moderation.cases.chain import SEALED, event_hash, text_digest
from moderation.cases.models import Case, Deadline, Decision, Event, EventText, TextKey
from moderation.cases.parking import unpark
from moderation.cases.seals import Sealed, case_says, digests


class EventTakenError(RuntimeError):
    """A fault of ours: somebody wrote an event of the case without holding its row."""


def record(
    case: Case,
    kind: str,
    *,
    actor: User,
    data: dict[str, Any] | None = None,
    text: str = "",
    moves: bool = True,
    at: datetime | None = None,
    also: Sequence[str] = (),
    of: Decision | None = None,
    beside: Sequence[Model] = (),
    pieces: Sequence[Piece] = (),
    seals: Iterable[Sealed] = (),
    gone: Mapping[str, str | None] | None = None,
) -> Event:
    """Append an event to `case`, whose row the caller holds locked, and save the case's new head.

    `data` holds ids and codes only; `text` is sealed beside the event. `moves` says whether it moves the version, `at`
    is the present moment where it is known, `also` names fields of the case that are saved with its head, `of` is a new
    decision whose event it is, saved with it and with what else is new and belongs to it, `beside`. `pieces` are
    what else is done (foundation.rows).

    The event says what it leaves of the case, and `seals`: rows as they are in memory, which are saved so in this
    transaction, or those that are `gone` (seals.py). One statement.
    """
    assert connection.in_atomic_block, "an event is written in the transaction of what it records"
    content = dict(data or {})
    salt = ""
    if text:
        salt = secrets.token_hex(16)
        content["text"] = text_digest(text, salt)
    left = {**digests(seals), **(gone or {})}
    event = draft_event(case, kind, actor_id=actor.pk, data=content, moves=moves, at=at or clock.now(), left=left)
    rows: list[Model] = [*_sealed(event, text, salt)] if text else []
    if of is not None:
        of.event = event
        rows.append(of)
    if not insert_together(event, *rows, *beside, saving=(case, (*HEAD, *also)), pieces=pieces):
        raise EventTakenError
    if moves and case.parked == Case.Parked.SNOOZED:
        # A snooze is until nothing is new; our own notes and hand-overs move nothing and wake nobody.
        due.settle(case, Deadline.Kind.SNOOZE)
        unpark(case)
    return event


def seal(case: Case, *rows: Sealed, actor: User | None = None, gone: Mapping[str, str | None] | None = None) -> None:
    """Say what was left of `rows` and of the locked `case` after its last event; one statement.

    For what is not known when the event itself is written. By whoever did it, else by our named actor.
    """
    record(case, SEALED, actor=actor or system_actor(), moves=False, seals=rows, gone=gone)


# What of a case an event changes.
HEAD = ("version", "event_count", "event_head")


def draft_event(
    case: Case,
    kind: str,
    *,
    actor_id: int,
    data: dict[str, Any],
    moves: bool,
    at: datetime,
    left: Mapping[str, str | None] | None = None,
) -> Event:
    """The next event of `case` as a row that is not saved yet; the head of the case is moved, and not saved either.

    `left` is what it says of other rows, as digests() gives it.
    """
    case.version += moves
    values: dict[str, Any] = {
        "number": case.event_count + 1,
        "kind": kind,
        "case_version": case.version,
        "data": data,
        "at": at.astimezone(UTC),
        "previous": case.event_head,
        "rows": {"case": case_says(case), **(left or {})},
    }
    digest = event_hash(case=case.public_id.hex, actor_id=actor_id, **values)
    case.event_count, case.event_head = values["number"], digest
    return draft(Event, case=case, actor_id=actor_id, hash=digest, **values)


def words(event: Event) -> str:
    """The words of an event; "" when it has none or their key was destroyed."""
    sealed = EventText.objects.filter(event=event).select_related("key").first()
    return unseal(sealed) if sealed else ""


def unseal(sealed: EventText) -> str:
    """The plain text; "" when its key was destroyed."""
    try:
        key = bytes(sealed.key.key)
    except TextKey.DoesNotExist:
        return ""
    ciphertext = bytes(sealed.ciphertext)
    if len(key) != _KEY_SIZE:
        return Fernet(key).decrypt(ciphertext).decode()  # what was sealed by an earlier version
    return AESGCM(key).decrypt(ciphertext[:_NONCE_SIZE], ciphertext[_NONCE_SIZE:], None).decode()


# In bytes.
_KEY_SIZE, _NONCE_SIZE = 32, 12


def _sealed(event: Event, text: str, salt: str) -> tuple[EventText, TextKey]:
    key, nonce = secrets.token_bytes(_KEY_SIZE), secrets.token_bytes(_NONCE_SIZE)
    ciphertext = nonce + AESGCM(key).encrypt(nonce, text.encode(), None)
    sealed = draft(EventText, event=event, salt=salt, ciphertext=ciphertext)
    return sealed, draft(TextKey, text=sealed, key=key)
