"""Taking the first free case of the queue in one statement, however many take one at the same moment (D4).

What is free and for whom is said where every list says it (queries.py). Django would compile that anew for every claim,
which costs more than all the rest: it is compiled once for each number of ids in a person's stakes.
"""

from datetime import timedelta
from functools import lru_cache
from itertools import islice
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from accounts.models import User
from foundation.compiled import Compiled
from moderation.cases.models import Case
from moderation.cases.queries import decidable_by, ready, unclaimed
from moderation.cases.stakes import Stakes, stakes_of

_FIELDS = tuple(field.attname for field in Case._meta.concrete_fields)
TAKE = f"""
UPDATE cases_case SET assignee_id = %s, lease_until = ombud_now() + %s
WHERE id = ({{}} FOR NO KEY UPDATE OF cases_case SKIP LOCKED) RETURNING {", ".join(_FIELDS)}
"""  # noqa: S608 - names of our own columns


def take_first(person: User, lease: timedelta) -> Case | None:
    """Claim the first case that is free and that `person` may decide, for `lease`; None when there is none.

    Rows that somebody else is taking at this moment are passed over, so that nobody waits for anybody. Two statements:
    what keeps the person from cases, and one that finds and takes, which is a transaction by itself.
    """
    found = first_free(stakes_of(person), TAKE, person.pk, lease)
    return Case.from_db(connection.alias, _FIELDS, found[0]) if found else None


def first_free(own: Stakes, around: str, *before: Any) -> list[tuple[Any, ...]]:
    """Run the statement `around`, in which `{}` is the id of the first case that is free and for somebody with `own`.

    `before` are parameters of it that come before that.
    """
    groups = (own.organizations, own.closed_lanes, own.cases, own.opted_out)
    values = [key for group in groups for key in group]
    return _first(around, bool(own.opened_lanes), *map(len, groups))(own.person, *values, before=before)


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
