"""Claiming and completing requests for scores in one statement each, by their ids (L3).

As foundation.work does for all kinds of work, without a row in Python for each: the scorer takes thousands a second.
"""

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.db import connection

from moderation.scoring.models import ScoreRequest

LEASE = timedelta(seconds=30)
# From this attempt on a request may be what ended those who took it: it is taken alone, and after ever longer pauses.
SUSPECT = 3
_TABLE = ScoreRequest._meta.db_table
_FREE = "done_at IS NULL AND due_at <= ombud_now() AND (lease_until IS NULL OR lease_until < ombud_now())"
_CLAIM = f"""
WITH first AS (
    SELECT attempts + 1 >= {SUSPECT} AS suspect FROM {_TABLE}
    WHERE classifier = %s AND {_FREE} ORDER BY due_at, id LIMIT 1
), taken AS (
    UPDATE {_TABLE} SET lease = %s, lease_until = ombud_now() + %s, attempts = attempts + 1,
        due_at = CASE WHEN attempts + 1 >= {SUSPECT}
            THEN ombud_now() + make_interval(secs => LEAST(power(2, LEAST(attempts + 1, 12)), 3600)) ELSE due_at END
    WHERE id = ANY(ARRAY(
        SELECT id FROM {_TABLE} WHERE classifier = %s AND {_FREE}
            AND (attempts + 1 >= {SUSPECT}) = (SELECT suspect FROM first)
        ORDER BY due_at, id LIMIT (SELECT CASE WHEN suspect THEN 1 ELSE %s END FROM first) FOR UPDATE SKIP LOCKED))
    RETURNING id)
SELECT array_agg(id) FROM taken
"""  # noqa: S608 - our own names
_COMPLETE = f"""
WITH done AS (
    UPDATE {_TABLE} SET done_at = ombud_now(), lease = NULL, lease_until = NULL, last_error = ''
    WHERE id = ANY(%s::bigint[]) AND lease = %s AND done_at IS NULL RETURNING id)
SELECT array_agg(id) FROM done
"""  # noqa: S608
_RENEW = f"""
UPDATE {_TABLE} SET lease_until = ombud_now() + %s WHERE id = ANY(%s) AND lease = %s AND done_at IS NULL
"""  # noqa: S608
_GIVE_BACK = f"""
UPDATE {_TABLE} SET lease = NULL, lease_until = NULL, attempts = attempts - 1, due_at = LEAST(due_at, ombud_now())
WHERE id = ANY(%s) AND lease = %s AND done_at IS NULL
"""  # noqa: S608
Claimed = tuple[uuid.UUID, list[int]]


def take(classifier: str, *, limit: int, lease: timedelta = LEASE) -> Claimed:
    """A lease on up to `limit` requests of `classifier` that are due and free, oldest first; their ids, unordered.

    One statement that commits before the work begins: a killed scorer loses nothing but time. One that was taken
    SUSPECT times comes alone, and should its taker be killed again, later than the others.
    """
    token = uuid.uuid4()
    return token, _ids(_CLAIM, classifier, token, lease, classifier, limit)


def complete(token: uuid.UUID, keys: Sequence[int]) -> set[int]:
    """Mark requests done in the transaction that holds their scores; the ids of those still ours, locked.

    What another took over since, or somebody withdrew, is left out: save no score for it.
    """
    assert connection.in_atomic_block, "complete() belongs into the transaction of the scores"
    return set(_ids(_COMPLETE, _array(keys), token))


def renew(held: Sequence[Claimed], lease: timedelta = LEASE) -> None:
    """Hold what is being worked on for longer."""
    with connection.cursor() as cursor:
        for token, keys in held:
            values: list[Any] = [lease, list(keys), token]
            cursor.execute(_RENEW, values)


def give_back(token: uuid.UUID, keys: Sequence[int]) -> None:
    """Free requests that nobody began to work on, as if they had never been claimed."""
    with connection.cursor() as cursor:
        cursor.execute(_GIVE_BACK, [list(keys), token])


def _ids(statement: str, *values: Any) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        (found,) = cursor.fetchone()
    return found or []


def _array(keys: Sequence[int]) -> str:
    """As PostgreSQL writes an array: psycopg would look at each number by itself."""
    return "{" + ",".join(map(str, keys)) + "}"
