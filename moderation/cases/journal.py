"""What somebody did that belongs to no case: events of a chain of its own, in the same file of checkpoints (J6)."""

from collections.abc import Iterable, Mapping
from datetime import UTC
from typing import Any

from django.db import connection

from accounts.models import User
from foundation import clock
from moderation.cases.chain import event_hash
from moderation.cases.checkpoints import JOURNAL
from moderation.cases.models import Journal, JournalEvent
from moderation.cases.seals import Sealed, digests


def note(kind: str, *, actor: User, data: Mapping[str, Any] | None = None, seals: Iterable[Sealed] = ()) -> None:
    """Append an event to the journal, in the transaction of what it records: ids and codes, and digests of rows.

    One after the other, by a lock on its one row: for what happens a few times a day.
    """
    assert connection.in_atomic_block, "an event is written in the transaction of what it records"
    row = Journal.objects.select_for_update().order_by("pk").first() or Journal.objects.create()
    values: dict[str, Any] = {
        "number": row.count + 1,
        "kind": kind,
        "actor_id": actor.pk,
        "data": dict(data or {}),
        "rows": digests(seals),
        "at": clock.now().astimezone(UTC),
        "previous": row.head,
    }
    digest = event_hash(case=JOURNAL, case_version=0, **values)
    JournalEvent.objects.create(hash=digest, **values)
    row.count, row.head = values["number"], digest
    row.save(update_fields=["count", "head"])
