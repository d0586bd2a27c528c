"""Taking the first free case of the queue in one statement, however many take one at the same moment (D4).

What is free and for whom is said where every list says it (queries.py). Django would compile that anew for every claim,
which costs more than all the rest: it is compiled once for each number of ids, with placeholders for them.
"""

from dataclasses import astuple, replace
from datetime import timedelta
from functools import lru_cache
from itertools import count
from typing import Any

from accounts.models import User
from moderation.cases.models import Case
from moderation.cases.queries import decidable_by, impartial_to, ready, unclaimed
from moderation.cases.stakes import Stakes, stakes_of


def take_first(person: User, lease: timedelta) -> Case | None:
    """Claim the first case that is free and that `person` may decide, for `lease`; None when there is none.

    Rows that somebody else is taking at this moment are passed over, so that nobody waits for anybody. Two statements,
    and one for an appeal: what it asks more is asked of the one that was found, because the planner takes longer to
    think about it than to do all the rest. In a transaction.
    """
    own = stakes_of(person)
    while (case := _take(person, own, lease)) and case.kind == Case.Kind.APPEAL:
        this = Case.objects.filter(pk=case.pk)
        if decidable_by(this, person, own).exists():
            break
        this.update(assignee=None, lease_until=None)
        own = replace(own, cases=(*own.cases, case.pk))
    return case


def first_free(own: Stakes) -> tuple[str, list[Any]]:
    """The statement, and its values, that locks the first case that is free and for somebody with these stakes."""
    _number, *groups = astuple(own)
    sql, placeholders = _statement(tuple(map(len, groups)))
    ids = dict(zip(_places(), [own.person, *(key for group in groups for key in group)], strict=False))
    return sql, [ids.get(value, value) if isinstance(value, int) else value for value in placeholders]


def _take(person: User, own: Stakes, lease: timedelta) -> Case | None:
    first, values = first_free(own)
    taken = f"UPDATE cases_case SET assignee_id = %s, lease_until = ombud_now() + %s WHERE id = ({first}) RETURNING *"  # noqa: S608
    return next(iter(Case.objects.raw(taken, [person.pk, lease, *values])), None)


@lru_cache(maxsize=200)
def _statement(sizes: tuple[int, ...]) -> tuple[str, tuple[Any, ...]]:
    places = iter(_places())
    own = Stakes(next(places), *(tuple(next(places) for _one in range(size)) for size in sizes))
    free = impartial_to(unclaimed(ready(Case.objects.all())), User(pk=own.person), own)
    walk = free.exclude(clause__in=own.opted_out).order_by("rank", "id").values("pk")
    return walk.select_for_update(skip_locked=True, of=("self",), no_key=True)[:1].query.sql_with_params()


def _places() -> "count[int]":
    """Stand for ids in the order of a person's stakes: no id is negative."""
    return count(-1, -1)
