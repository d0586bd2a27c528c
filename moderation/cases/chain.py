"""The keyed hash chain over the events of a case (J6). The key lives outside the database."""

import hashlib
import hmac
import json
from datetime import datetime
from typing import Any

from django.conf import settings

# An event of its own for what an action left of rows after its other events; no news, and told nowhere.
SEALED = "rows.sealed"
# Words of the events that its data names are gone on purpose: their keys were destroyed (C6).
WORDS_DESTROYED = "words.destroyed"

_encoded = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def event_hash(
    *,
    case: str,
    number: int,
    kind: str,
    actor_id: int,
    case_version: int,
    data: dict[str, Any],
    at: datetime,
    previous: str,
    rows: dict[str, Any] | None = None,
) -> str:
    """HMAC-SHA-256 over everything an event says and the hash before it, in hexadecimal.

    `rows` is None of an event that was written before events spoke of rows.
    """
    content = [case, number, kind, actor_id, case_version, data, at.isoformat(), previous]
    if rows is not None:
        content.append(rows)
    return keyed(_encoded(content))


def keyed(message: str) -> str:
    """HMAC-SHA-256 of `message` under the audit key, in hexadecimal."""
    return hmac.digest(settings.EVENT_KEY.encode(), message.encode(), "sha256").hex()


def text_digest(text: str, salt: str) -> str:
    """The salted digest of a text that an event holds in place of the text."""
    return hashlib.sha256(f"{salt}\n{text}".encode()).hexdigest()
