"""Telling the rooms above that something happened below (architecture, idea 3)."""

from collections.abc import Iterable

from foundation import bells
from foundation.drafts import draft as draft_row
from foundation.many import insert_many
from foundation.models import Change
from foundation.rows import KeyOf, insert

# Which bell wakes the one room that listens to each kind.
LISTENERS = {
    "address.confirmed": "take_over_reports",
    "classifier.replaced": "replace_scores",
    "clause.changed": "rerank",
    "comment.added": "read_changes",
    "comment.posted": "notify",
    "event.posted": "notify",
    "content.erased": "erase_appeals",
    "evidence.locked": "forget_prints",
    "file.unsafe": "screen_files",
    "head.moved": "export_refs",
    "lane.changed": "rerank",
    "name.changed": "follow_names",
    "report.batched": "link_cases",
    "report.received": "evaluate_rules",
    "reports.judged": "rerank",
    "repository.changed": "check_conditions",
    "repository.moved": "rerank",
    "snapshot.scored": "evaluate_rules",
    "text.written": "screen_texts",
    "throttle.reached": "screen_texts",
}


def tell(kind: str, object_id: int, *, actor_id: int | None) -> None:
    """Write one change in the caller's transaction and ring for its listener. Raises KeyError for an unknown kind."""
    insert(draft(kind, object_id, actor_id=actor_id))


def tell_all(kind: str, object_ids: Iterable[int], *, actor_id: int | None) -> None:
    """The same of many objects, in one statement. Raises KeyError for an unknown kind."""
    insert_many([draft(kind, one, actor_id=actor_id) for one in object_ids])


def draft(kind: str, object_id: int | KeyOf, *, actor_id: int | None) -> Change:
    """The same as a row that is not saved yet; its bell rings after the commit. Raises KeyError for an unknown kind."""
    bells.ring(LISTENERS[kind])
    return draft_row(Change, kind=kind, object_id=object_id, actor_id=actor_id)
