"""Telling the rooms above that something happened below (architecture, idea 3)."""

from foundation import bells
from foundation.models import Change

# Which bell wakes the one room that listens to each kind.
LISTENERS = {
    "comment.added": "read_changes",
    "comment.posted": "notify",
    "event.posted": "notify",
    "head.moved": "export_refs",
    "report.received": "evaluate_rules",
    "snapshot.scored": "evaluate_rules",
    "text.written": "screen_texts",
    "throttle.reached": "screen_texts",
}


def tell(kind: str, object_id: int, *, actor_id: int | None) -> None:
    """Write one change in the caller's transaction and ring for its listener. Raises KeyError for an unknown kind."""
    bell = LISTENERS[kind]
    Change.objects.create(kind=kind, object_id=object_id, actor_id=actor_id)
    bells.ring(bell)
