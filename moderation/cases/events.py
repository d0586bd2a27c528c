"""Writing events in the transaction of what they record, and reading their words (J6)."""

import secrets
from datetime import UTC
from typing import Any

from cryptography.fernet import Fernet
from django.db import connection

from accounts.models import User
from foundation import clock
from foundation.rows import insert
from moderation.cases import due
from moderation.cases.chain import event_hash, text_digest
from moderation.cases.models import Case, Deadline, Event, EventText, TextKey
from moderation.cases.parking import unpark


def record(
    case: Case,
    kind: str,
    *,
    actor: User,
    data: dict[str, Any] | None = None,
    text: str = "",
    moves: bool = True,
) -> Event:
    """Append an event to `case`, whose row the caller holds locked, and save the case's new head.

    `data` holds ids and codes only; `text` is sealed beside the event. `moves` says whether it moves the version.
    """
    assert connection.in_atomic_block, "an event is written in the transaction of what it records"
    content = dict(data or {})
    salt = ""
    if text:
        salt = secrets.token_hex(16)
        content["text"] = text_digest(text, salt)
    at = clock.now().astimezone(UTC)
    case.version += moves
    values: dict[str, Any] = {
        "number": case.event_count + 1,
        "kind": kind,
        "case_version": case.version,
        "data": content,
        "at": at,
        "previous": case.event_head,
    }
    digest = event_hash(case=case.public_id.hex, actor_id=actor.pk, **values)
    event = Event(case=case, actor=actor, hash=digest, **values)
    if not insert(event):
        raise RuntimeError("Somebody wrote an event of this case without holding its row.")
    if text:
        _seal(event, text, salt)
    case.event_count, case.event_head = event.number, event.hash
    case.save(update_fields=["version", "event_count", "event_head"])
    if moves and case.parked == Case.Parked.SNOOZED:
        # A snooze is until nothing is new; our own notes and hand-overs move nothing and wake nobody.
        due.settle(case, Deadline.Kind.SNOOZE)
        unpark(case)
    return event


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
    return Fernet(key).decrypt(bytes(sealed.ciphertext)).decode()


def _seal(event: Event, text: str, salt: str) -> None:
    key = Fernet.generate_key()
    sealed = EventText.objects.create(event=event, salt=salt, ciphertext=Fernet(key).encrypt(text.encode()))
    TextKey.objects.create(text=sealed, key=key)
