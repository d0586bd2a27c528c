"""Checking the rows that events speak of: changed, deleted, or added by nobody (J6)."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import Model

from moderation.cases.models import Event
from moderation.cases.seals import COVERED, Covered, digest_of, key_from, rows_of

AT_ONCE = 2_000
# The newest word of any event on each row.
_NEWEST = """
INSERT INTO audit_seals
SELECT DISTINCT ON (one.key) one.key, one.value #>> '{}', event.case_id, event.number
FROM cases_event event, jsonb_each(event.rows) one
WHERE event.rows IS NOT NULL AND one.key <> 'case'
ORDER BY one.key, event.id DESC;
INSERT INTO audit_seals
SELECT DISTINCT ON (one.key) one.key, one.value #>> '{}', NULL::bigint, event.number
FROM cases_journalevent event, jsonb_each(event.rows) one
ORDER BY one.key, event.id DESC
ON CONFLICT (key) DO NOTHING;
ANALYZE audit_seals;
"""
# Of what no action changes every event that speaks of a row says the same.
_PARTED = """
SELECT one.key, max(event.number), min(home.public_id::text)
FROM cases_event event
JOIN cases_case home ON home.id = event.case_id, jsonb_each_text(event.rows) one
WHERE event.rows IS NOT NULL AND one.key <> 'case' AND one.value IS NOT NULL
GROUP BY one.key HAVING count(DISTINCT split_part(one.value, '.', 1)) > 1
ORDER BY one.key
"""
# What is found is taken out, so that what is left speaks of rows that are gone.
_TAKE = """
WITH taken AS (DELETE FROM audit_seals WHERE key = ANY(%s) RETURNING *)
SELECT taken.key, taken.digest, taken.number, one.public_id
FROM taken LEFT JOIN cases_case one ON one.id = taken.case_id
"""
_LEFT = """
SELECT said.key, said.number, one.public_id
FROM audit_seals said LEFT JOIN cases_case one ON one.id = said.case_id
WHERE said.digest IS NOT NULL ORDER BY said.case_id, said.key
"""


def check_rows(uncovered: Counter[str]) -> Iterator[str]:
    """Every row of a covered model against the newest event that speaks of it."""
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST)
        cursor.execute(_PARTED)
        while found := cursor.fetchmany(AT_ONCE):
            for key, number, case in found:
                changed = f"by event {number} of case {case.replace('-', '')} what never changes was another"
                yield f"The {key.replace(':', ' ', 1)} was changed before it was sealed anew: {changed}."
    since = _covered_since()
    for model, one in COVERED.items():
        yield from _check(model, one, since, uncovered)
    with connection.cursor() as cursor:
        cursor.execute(_LEFT)
        while found := cursor.fetchmany(AT_ONCE):
            for key, number, case in found:
                yield f"{_named(key, case)} is gone; {_event(number, case)} speaks of it."


def _covered_since() -> datetime | None:
    """Since when events speak of rows; None where they always did."""
    if not Event.objects.filter(rows__isnull=True).exists():
        return None
    first = Event.objects.filter(rows__isnull=False).order_by("pk").values_list("at", flat=True).first()
    return first or datetime.max.replace(tzinfo=Event.objects.latest("pk").at.tzinfo)


def _check(model: type[Model], one: Covered, since: datetime | None, uncovered: Counter[str]) -> Iterator[str]:
    rows = iter(rows_of(model).iterator(AT_ONCE))
    while batch := list(islice(rows, AT_ONCE)):
        found = [_read(one, values) for values in batch]
        said = _said([key for key, *_rest in found])
        for key, digest, moment, home in found:
            if key not in said:
                if since is None or (moment is not None and moment >= since):
                    yield f"{_named(key, home)} is there, and no event speaks of it."
                else:
                    uncovered[one.name] += 1
                continue
            expected, number, case = said[key]
            if expected is None:
                yield f"{_named(key, case)} is there; {_event(number, case)} says that it is gone."
            elif expected != digest:
                yield f"{_named(key, case)} is not what {_event(number, case)} says."


def _read(one: Covered, values: tuple[Any, ...]) -> tuple[str, str, Any, Any]:
    """Of a row as rows_of() gives it: its key, its digest, when it came, and the public id of its case."""
    keys, columns = len(one.key), len(one.columns)
    key, content = values[:keys], values[keys : keys + columns]
    moment, case, *linked = values[keys + columns :]
    digest = digest_of(one, content, linked[0] if one.links else None)
    return key_from(one, key), digest, moment if one.moment else None, case if one.case else None


def _said(keys: Iterable[str]) -> dict[str, tuple[str | None, int, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [list(keys)])
        return {key: (digest, number, case) for key, digest, number, case in cursor.fetchall()}


def _named(key: str, case: Any) -> str:
    name, _colon, known = key.partition(":")
    return f"The {name} {known}{f' of case {case.hex}' if case is not None else ''}"


def _event(number: int, case: Any) -> str:
    return f"event {number}" if case is not None else f"event {number} of the journal"
