"""Taking the first free case of the queue in one statement, however many take one at the same moment (D4).

What is free and for whom is said where every list says it (queries.py). Django would compile that anew for every claim,
which costs more than all the rest: it is compiled once for each number of ids in a person's stakes.
"""

from dataclasses import replace
from datetime import timedelta
from functools import lru_cache
from itertools import islice
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from accounts.models import User
from foundation.compiled import Compiled
from moderation.cases.models import Case
from moderation.cases.queries import decidable_by, impartial_to, ready, unclaimed
from moderation.cases.stakes import Stakes, stakes_of

_FIELDS = tuple(field.attname for field in Case._meta.concrete_fields)
TAKE = f"""
UPDATE cases_case SET assignee_id = %s, lease_until = ombud_now() + %s
WHERE id = ({{}} FOR NO KEY UPDATE OF cases_case SKIP LOCKED) RETURNING {", ".join(_FIELDS)}
"""  # noqa: S608 - names of our own columns


def take_first(person: User, lease: timedelta) -> Case | None:
    """Claim the first case that is free and that `person` may decide, for `lease`; None when there is none.

    Rows that somebody else is taking at this moment are passed over, so that nobody waits for anybody. Two statements,
    and one for an appeal: what it asks more is asked of the one that was found, because the planner takes longer to
    think about it than to do all the rest.
    """
    own = stakes_of(person)
    with transaction.atomic():  # nobody sees an appeal taken that is given back at once
        while (case := _take(own, lease)) and case.kind == Case.Kind.APPEAL:
            this = Case.objects.filter(pk=case.pk)
            if decidable_by(this, person, own).exists():
                break
            this.filter(assignee=person).update(assignee=None, lease_until=None)
            own = replace(own, cases=(*own.cases, case.pk))
    return case


def first_free(own: Stakes, around: str, *before: Any) -> list[tuple[Any, ...]]:
    """Run the statement `around`, in which `{}` is the id of the first case that is free and for somebody with `own`.

    `before` are parameters of it that come before that.
    """
    groups = (own.organizations, own.closed_lanes, own.cases, own.opted_out)
    values = [key for group in groups for key in group]
    return _first(around, bool(own.opened_lanes), *map(len, groups))(own.person, *values, before=before)


def _take(own: Stakes, lease: timedelta) -> Case | None:
    found = first_free(own, TAKE, own.person, lease)
    return Case.from_db(connection.alias, _FIELDS, found[0]) if found else None


@lru_cache(maxsize=200)
def _first(around: str, opened: bool, *sizes: int) -> Compiled[tuple[Any, ...]]:
    def rows(*values: int) -> QuerySet[Case, Any]:
        person, *keys = values
        given = iter(keys)
        organizations, closed, cases, opted_out = (tuple(islice(given, size)) for size in sizes)
        own = Stakes(person, organizations, closed, (0,) * opened, cases, opted_out)
        free = impartial_to(unclaimed(ready(Case.objects.all())), User(pk=person), own)
        return free.exclude(clause__in=own.opted_out).order_by("rank", "id").values_list("pk")[:1]

    return Compiled(rows, around=around)
