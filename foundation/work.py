"""Taking work rows under a lease, finishing them, putting them back (architecture, idea 2; L3)."""

import logging
import re
import uuid
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TypeVar

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet

from foundation.clock import Now
from foundation.models import Work

logger = logging.getLogger(__name__)
W = TypeVar("W", bound=Work)
LONGEST_PAUSE = timedelta(hours=1)
_ADDRESS = re.compile(r"[^\s<>()\[\]{}'\",;:]+@[^\s<>()\[\]{}'\",;:]+")


def claim(rows: QuerySet[W], *, limit: int, lease: timedelta) -> list[W]:
    """Take up to `limit` rows of `rows` that are due and free, oldest first, for `lease`.

    One statement in its own right: it commits before the work begins, so a killed worker loses nothing but time.
    """
    free = Q(lease_until=None) | Q(lease_until__lt=Now())
    token = uuid.uuid4()
    with transaction.atomic():
        picked = (
            rows.filter(free, done_at=None, due_at__lte=Now())
            .order_by("due_at", "id")
            .select_for_update(skip_locked=True, of=("self",))
            .values_list("pk", flat=True)[:limit]
        )
        keys = list(picked)
        if not keys:
            return []
        rows.model._default_manager.filter(pk__in=keys).update(
            lease=token, lease_until=Now() + lease, attempts=F("attempts") + 1
        )
    return list(rows.filter(lease=token, pk__in=keys).order_by("due_at", "id"))


def finish(work: Sequence[W]) -> list[W]:
    """Mark rows done in the transaction that holds their results; returns the rows still ours, locked.

    A row whose lease was lost to another worker is left out: write no result for it. Raises nothing.
    """
    if not work:
        return []
    assert connection.in_atomic_block, "finish() belongs into the transaction of the result"
    model = type(work[0])
    held = set(
        model._default_manager.select_for_update()
        .filter(pk__in=[row.pk for row in work], lease=work[0].lease, done_at=None)
        .values_list("pk", flat=True)
    )
    model._default_manager.filter(pk__in=held).update(done_at=Now(), lease=None, lease_until=None, last_error="")
    return [row for row in work if row.pk in held]


def put_back(row: Work, error: Exception, *, pause: timedelta | None = None) -> None:
    """Free a row that failed: due again after `pause`, else after 2^attempts seconds, at most an hour.

    It is never given up here (L3).
    """
    pause = pause or min(timedelta(seconds=2 ** min(row.attempts, 12)), LONGEST_PAUSE)
    type(row)._default_manager.filter(pk=row.pk, lease=row.lease, done_at=None).update(
        lease=None,
        lease_until=None,
        due_at=Now() + pause,
        last_error=said(error),
    )
    logger.warning("%s %s failed (attempt %s): %s", type(row).__name__, row.pk, row.attempts, type(error).__name__)


def said(error: Exception) -> str:
    """What went wrong, as text that PostgreSQL takes and that names nobody: errors repeat whatever they choked on.

    A mail server repeats the address of each recipient that it refuses; whom a row is for, the row itself says.
    """
    text = _ADDRESS.sub("<address>", f"{type(error).__name__}: {error}"[:2000])
    return text.replace("\x00", "").encode(errors="replace").decode()


def work_off(
    rows: QuerySet[W],
    do: Callable[[W], None],
    *,
    limit: int = 100,
    lease: timedelta = timedelta(minutes=2),
    hold: Callable[[W], object] | None = None,
) -> int:
    """Claim rows until none is due and do each in a transaction of its own; returns how many were done.

    `hold` locks, before the row itself, what others lock before they change such rows: else each waits for the other.
    A row whose `do` raises is put back and the others go on: one bad row must not hold up the rest.
    """
    count = 0
    while claimed := claim(rows, limit=limit, lease=lease):
        for row in claimed:
            try:
                with transaction.atomic():
                    if hold is not None:
                        hold(row)
                    if finish([row]):
                        do(row)
                        count += 1
            except Exception as error:  # noqa: BLE001 - whatever fails, the row stays and says why
                put_back(row, error)
    return count
