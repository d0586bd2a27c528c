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
from moderation.cases.models import Case, Journal

# More than any line has: the last one lies whole in this many bytes at the end of the file.
LONGEST_LINE = 4096
# Stands in a line for the chain of what belongs to no case.
JOURNAL = "journal"


class BrokenCheckpoints(Exception):  # noqa: N818
    """The file of checkpoints was changed: says in which line."""


def write_checkpoints() -> int:
    """Append a line for every case whose chain grew since its last line, and for the journal; returns how many."""
    path = Path(settings.CHECKPOINT_FILE)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        _drop_torn_line(path)
        previous = _last_hash(path)
        grown = list(
            Case.objects.exclude(event_count=F("checkpointed"))
            .order_by("pk")
            .values_list("pk", "public_id", "event_count", "event_head")
        )
        journal = Journal.objects.exclude(count=F("checkpointed")).first()
        heads = [(public_id.hex, count, head) for _pk, public_id, count, head in grown]
        heads += [(JOURNAL, journal.count, journal.head)] if journal else []
        at = clock.now().isoformat()
        for name, count, head in heads:
            line = {"case": name, "count": count, "head": head, "at": at}
            previous = line["hash"] = _line_hash(previous, line)
            file.write(json.dumps(line) + "\n")
        file.flush()
        os.fsync(file.fileno())
    for pk, _public_id, count, _head in grown:
        Case.objects.filter(pk=pk).update(checkpointed=count)
    if journal:
        Journal.objects.filter(pk=journal.pk).update(checkpointed=journal.count)
    return len(heads)


def read_checkpoints() -> Iterator[dict[str, Any]]:
    """Every checkpoint, oldest first. Raises BrokenCheckpoints where the file was changed.

    A last line without its end is left out: a process died while writing it, and the next one writes it again.
    """
    path = Path(settings.CHECKPOINT_FILE)
    if not path.exists():
        return
    previous = ""
    with path.open() as file:
        fcntl.flock(file, fcntl.LOCK_SH)
        for number, text in enumerate(file, start=1):
            if not text.endswith("\n"):
                return
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


def _drop_torn_line(path: Path) -> None:
    """Cut a last line without its end: a process that died while writing; its cases are written again."""
    with path.open("rb+") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - LONGEST_LINE))
        tail = file.read()
        if tail and not tail.endswith(b"\n"):
            file.truncate(size - len(tail) + tail.rfind(b"\n") + 1)


def _last_hash(path: Path) -> str:
    last = ""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - LONGEST_LINE))
        for text in file.read().splitlines():
            last = text.decode()
    return str(json.loads(last)["hash"]) if last else ""
