"""Locking the words of a snapshot away (C9): encrypted under a key that is wrapped by one outside of the database.

While they are locked away the snapshot is empty, so whoever reads, scores, copies or mails a snapshot has nothing. Who
may open them, and the event that says so, is the question of the rooms above.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation import bells, clock
from foundation.clock import Now
from foundation.errors import Refused
from moderation.subjects.actions import draft_snapshot
from moderation.subjects.legal_holds import held_subjects
from moderation.subjects.models import Quarantine, Snapshot, Subject
from moderation.subjects.queries import same_words

LABEL = b"ombud quarantine 1"


@dataclass(frozen=True)
class LockedWords:
    """What is locked away of a snapshot; `more` is what the rooms above lock away with it, such as quoted passages."""

    title: str
    text: str
    more: Mapping[str, Any] = field(default_factory=dict)


def standing() -> Any:
    """Quarantines that hold words: neither released nor destroyed."""
    return Quarantine.objects.filter(released_at=None, done_at=None)


def is_locked(subject: Subject) -> bool:
    """Whether words of `subject` are locked away now, with it or with what has the same words; one query."""
    return bool(standing().filter(snapshot__subject__in=same_words(subject)).exists())


def lock_away(snapshot: Snapshot, more: Mapping[str, Any] | None = None) -> None:
    """Encrypt the words of `snapshot` and empty it; what is locked away already stays, and `more` is added to it.

    Preserved for QUARANTINE_DAYS from the first time on, then destroyed. What was destroyed and is there as it was is
    evidence anew, for the same time again. In the transaction of what asks for it.
    """
    assert connection.in_atomic_block, "words are locked away in the transaction of what asks for it"
    row = Quarantine.objects.select_for_update().filter(snapshot=snapshot).first()
    if row is not None and row.released_at is None and row.done_at is None:
        if more:
            before = _read(row)
            _write(row, LockedWords(before.title, before.text, {**before.more, **more}))
            row.save(update_fields=["ciphertext", "key"])
        return
    words = snapshot
    if row is not None and row.released_at is None:
        words = draft_snapshot(snapshot.subject, at=clock.now())
        if (words.part, words.revision) != (snapshot.part, snapshot.revision):
            return  # destroyed, and what is there now is something else
    row = row or Quarantine(snapshot=snapshot)
    _write(row, LockedWords(words.title, words.text, more or {}))
    row.released_at = row.done_at = None
    row.due_at = clock.now() + settings.QUARANTINE_FOR
    row.save()
    snapshot.title, snapshot.text, snapshot.sealed = "", "", True
    snapshot.save(update_fields=["title", "text", "sealed"])
    bells.ring("destroy_evidence")


def open_words(snapshot: Snapshot) -> LockedWords:
    """The words that are locked away; the caller writes who read them, and why. Raises Refused (410) once destroyed."""
    row = standing().filter(snapshot=snapshot).first()
    if row is None:
        raise Refused(_("Nothing is locked away here: it was destroyed, or released."), code="gone", status=410)
    return _read(row)


def opens(row: Quarantine) -> bool:
    """Whether what `row` holds can be read still, and is of its snapshot."""
    try:
        _read(row)
    except (InvalidToken, ValueError, KeyError, AssertionError):
        return False
    return True


def release(snapshot: Snapshot) -> LockedWords:
    """Put the words back exactly, and return them. Raises Refused (410) where nothing is locked away."""
    row = standing().select_for_update().filter(snapshot=snapshot).first()
    if row is None:
        raise Refused(_("Nothing is locked away here: it was destroyed, or released."), code="gone", status=410)
    found = _read(row)
    snapshot.title, snapshot.text, snapshot.sealed = found.title, found.text, False
    snapshot.save(update_fields=["title", "text", "sealed"])
    row.released_at, row.ciphertext, row.key = clock.now(), b"", b""
    row.save(update_fields=["released_at", "ciphertext", "key"])
    return found


def due() -> Any:
    """Quarantines whose time is over and that no legal hold keeps: work (architecture, idea 2)."""
    rows = standing().filter(~Q(snapshot__subject__in=held_subjects()), legal_hold=False, due_at__lte=Now())
    return rows.select_related("snapshot__subject")


def destroy(row: Quarantine) -> None:
    """Empty key and ciphertext; the row stays and says when."""
    Quarantine.objects.filter(pk=row.pk).update(ciphertext=b"", key=b"")


def _write(row: Quarantine, words: LockedWords) -> None:
    key = Fernet.generate_key()
    content = {"snapshot": row.snapshot_id, "title": words.title, "text": words.text, "more": dict(words.more)}
    row.ciphertext = Fernet(key).encrypt(json.dumps(content).encode())
    row.key = wrap(key)


def _read(row: Quarantine) -> LockedWords:
    content = json.loads(Fernet(unwrap(bytes(row.key))).decrypt(bytes(row.ciphertext)))
    assert content["snapshot"] == row.snapshot_id, "the words of another snapshot were put here"
    return LockedWords(content["title"], content["text"], content["more"])


def wrap(key: bytes) -> bytes:
    """`key`, useless without the one outside of the database."""
    return _wrapping().encrypt(key)


def unwrap(key: bytes) -> bytes:
    """The key that was wrapped."""
    return _wrapping().decrypt(key)


def _wrapping() -> Fernet:
    """The key that wraps the others: derived from one that is never in the database."""
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=LABEL)
    return Fernet(base64.urlsafe_b64encode(derive.derive(settings.EVENT_KEY.encode())))
