"""Finding and locking the first free case of the queue in one statement, however many want one at the same time (D4).

What is free and for whom is said where every list says it (queries.py). Django would compile that anew for every claim,
which costs more than all the rest: it is compiled once for each number of ids in a person's stakes.
"""

from datetime import datetime
from functools import lru_cache
from itertools import islice
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from foundation.compiled import Compiled, object_of
from moderation.cases.models import Case
from moderation.cases.queries import decidable_by, ready, unclaimed
from moderation.cases.stakes import Stakes, stakes_of

_FIELDS = tuple(field.attname for field in Case._meta.concrete_fields)
# Locked by the outer statement too, which so reads the row as it is and not as it was when the search began.
LOCK = f"""
SELECT {", ".join(_FIELDS)}, ombud_now() FROM cases_case
WHERE id = ({{}} FOR NO KEY UPDATE OF cases_case SKIP LOCKED) FOR NO KEY UPDATE
"""  # noqa: S608 - names of our own columns


def lock_first(person: User, around: str = LOCK) -> tuple[Case, datetime] | None:
    """Lock the first case that is free and that `person` may decide; with the present moment, None when there is none.

    Rows that somebody else is taking at this moment are passed over, so that nobody waits for anybody. Two statements:
    what keeps the person from cases, and one that finds and locks. In the transaction of whoever takes it.
    """
    found = first_free(stakes_of(person), around)
    if not found:
        return None
    *values, now = found[0]
    return object_of(Case, _FIELDS, values), now


def first_free(own: Stakes, around: str) -> list[tuple[Any, ...]]:
    """Run the statement `around`, in which `{}` is the id of the first case that is free for somebody with `own`."""
    groups = (own.organizations, own.closed_lanes, own.cases, own.opted_out)
    values = [key for group in groups for key in group]
    return _first(around, bool(own.opened_lanes), *map(len, groups))(own.person, *values)


@lru_cache(maxsize=200)
def _first(around: str, opened: bool, *sizes: int) -> Compiled[tuple[Any, ...]]:
    def rows(*values: int) -> QuerySet[Case, Any]:
        person, *keys = values
        given = iter(keys)
        organizations, closed, cases, opted_out = (tuple(islice(given, size)) for size in sizes)
        own = Stakes(person, organizations, closed, (0,) * opened, cases, opted_out)
        free = decidable_by(unclaimed(ready(Case.objects.all())), User(pk=person), own)
        return free.exclude(clause__in=own.opted_out).order_by("rank", "id").values_list("pk")[:1]

    return Compiled(rows, around=around)
