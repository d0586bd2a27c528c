"""Checkpoints of the event chains, outside the database: what makes a cut tail or a lost case visible (J6).

A line is JSON: case, count and head of its chain, when, and a keyed hash over the line before and this one, so that
lines cannot be changed or taken out of the middle.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import F

from foundation import clock
from moderation.cases.chain import keyed
from moderation.cases.models import Case


class BrokenCheckpoints(Exception):  # noqa: N818
    """The file of checkpoints was changed: says in which line."""


def write_checkpoints() -> int:
    """Append a line for every case whose chain grew since its last line; returns how many."""
    path = Path(settings.CHECKPOINT_FILE)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        previous = _last_hash(path)
        grown = list(
            Case.objects.exclude(event_count=F("checkpointed"))
            .order_by("pk")
            .values_list("pk", "public_id", "event_count", "event_head")
        )
        at = clock.now().isoformat()
        for _pk, public_id, count, head in grown:
            line = {"case": public_id.hex, "count": count, "head": head, "at": at}
            previous = line["hash"] = _line_hash(previous, line)
            file.write(json.dumps(line) + "\n")
        file.flush()
        os.fsync(file.fileno())
    for pk, _public_id, count, _head in grown:
        Case.objects.filter(pk=pk).update(checkpointed=count)
    return len(grown)


def read_checkpoints() -> Iterator[dict[str, Any]]:
    """Every checkpoint, oldest first. Raises BrokenCheckpoints where the file was changed."""
    path = Path(settings.CHECKPOINT_FILE)
    if not path.exists():
        return
    previous = ""
    with path.open() as file:
        for number, text in enumerate(file, start=1):
            try:
                line = json.loads(text)
                stored = line.pop("hash")
            except (ValueError, KeyError, AttributeError):
                raise BrokenCheckpoints(f"Line {number} of {path} is not a checkpoint.") from None
            if stored != _line_hash(previous, line):
                raise BrokenCheckpoints(f"Line {number} of {path} was changed, or one before it taken out.")
            previous = stored
            yield line


def _line_hash(previous: str, line: dict[str, Any]) -> str:
    return keyed(previous + json.dumps(line, sort_keys=True))


def _last_hash(path: Path) -> str:
    last = ""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 4096))
        for text in file.read().splitlines():
            last = text.decode()
    return str(json.loads(last)["hash"]) if last else ""
