"""Finding and locking the first free case of the queue in one statement, however many want one at the same time (D4).

What is free and for whom is said where every list says it (queries.py). Django would compile that anew for every claim,
which costs more than all the rest: it is compiled once for each number of ids in a person's stakes.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import chain, islice
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from accounts.models import User
from foundation.asking import ask
from foundation.compiled import Compiled, Part, object_of
from moderation.cases.models import Case
from moderation.cases.queries import open_to, ready, unclaimed, without_part_in
from moderation.cases.stakes import TEXTS, Stakes, stakes_at_hand, stakes_in, stakes_of

_FIELDS = tuple(field.attname for field in Case._meta.concrete_fields)
# So many of the first free cases are locked, or passed over, by what stands in their rows; only then other tables are
# asked, about one after the other. Else everybody would ask about every row that somebody else is taking, and of 32
# people 31 are taking one. What turns out to be for others stays locked as long as the claim takes.
FIRST = 50
# Locked by the outer statement too, which so reads the row as it is and not as it was when the search began.
_TAKEN = f"SELECT {', '.join(_FIELDS)}, ombud_now(){{{{said}}}} FROM cases_case WHERE id = ({{}}) FOR NO KEY UPDATE"  # noqa: S608
LOCK = _TAKEN.format(f"""
    SELECT free.id FROM ({{free}} LIMIT {FIRST} FOR NO KEY UPDATE OF cases_case SKIP LOCKED) free (id)
    CROSS JOIN LATERAL ({{allowed}} OFFSET 0) allowed LIMIT 1
""")  # noqa: S608 - numbers and names of our own
# Where all of these are for others: as it was asked for first.
_SEARCH = _TAKEN.format("{searched} FOR NO KEY UPDATE OF cases_case SKIP LOCKED")
# What kept a person of the team from cases when they took one last, in this process.
_last: dict[int, Stakes] = {}


def lock_first(person: User, around: str = LOCK) -> tuple[Case, datetime] | None:
    """Lock the first case that is free and that `person` may decide; with the present moment, None when there is none.

    Rows that somebody else is taking at this moment are passed over, so that nobody waits for anybody. Two statements:
    what keeps the person from cases, and one that finds and locks; a third where the first FIRST are for others. Most
    often one: it goes by what kept them from cases the last time and says whether that is so still. In the transaction
    of whoever takes it.
    """
    own, last = stakes_at_hand(person), _last.get(person.pk)
    if own is None and last is not None:
        found = _taken(around, last, said=_said(person))
        if found is not None:
            case, now, texts = found
            if stakes_in(person, texts) == last:
                return case, now
    own = _last[person.pk] = own or stakes_of(person)
    found = _taken(around, own) or _locked(_SEARCH, searched=_of(_searched, own))
    return found[:2] if found else None


_NOTHING: Part[Any] = Part("", [], 0, iter)


def _said(person: User) -> Part[Any]:
    """What keeps the person from cases, as TEXTS, in the row of the case."""
    return Part(_SAID, [person.pk] * _SAID.count("%s"), 1, iter)


_SAID = f", ARRAY({TEXTS.replace('{}', '%s')})"


def _taken(around: str, own: Stakes, *, said: Part[Any] = _NOTHING) -> tuple[Case, datetime, Any] | None:
    return _locked(around, said=said, free=_of(_free, own), allowed=_allowed.part(own.person))


def _of(made: Callable[..., Compiled[Any]], own: Stakes) -> Part[Any]:
    """A statement that is made for as many ids as there are in `own`, with these ids."""
    groups = (own.organizations, own.closed_lanes, own.cases, own.opted_out)
    return made(bool(own.opened_lanes), *map(len, groups)).part(own.person, *chain(*groups))


def _locked(around: str, *, said: Part[Any] = _NOTHING, **parts: Part[Any]) -> tuple[Case, datetime, Any] | None:
    """The case, the present moment, and what `said` asks for."""
    assert connection.in_atomic_block, "what is locked stays locked until the end of the transaction"
    asked = {"said": said, **parts}  # in the order of the statement
    sql = _put_together(around, **{name: part.sql for name, part in asked.items()})
    found = ask(sql, [value for part in asked.values() for value in part.values])
    if not found:
        return None
    *values, now, texts = found[0] if said.width else (*found[0], ())
    return object_of(Case, _FIELDS, values), now, texts


@lru_cache(maxsize=100)
def _put_together(around: str, **parts: str) -> str:
    return around.format(**parts)


@lru_cache(maxsize=100)
def _free(opened: bool, *sizes: int) -> Compiled[Any]:
    """The ids of the cases that are free, in the order of the queue, by what their own rows say."""
    return Compiled(lambda person, *keys: _rows(person, keys, opened, sizes))


@lru_cache(maxsize=100)
def _searched(opened: bool, *sizes: int) -> Compiled[Any]:
    """The id of the first of them in which the person has no part."""
    return Compiled(lambda person, *keys: without_part_in(_rows(person, keys, opened, sizes), User(pk=person))[:1])


@Compiled
def _allowed(person: int) -> QuerySet[Case, Any]:
    """The id of `free`, unless the person has a part in it."""
    one = Case.objects.filter(pk=RawSQL("free.id", []))
    return without_part_in(one, User(pk=person)).values_list("pk")


def _rows(person: int, keys: Sequence[int], opened: bool, sizes: Sequence[int]) -> QuerySet[Case, Any]:
    given = iter(keys)
    organizations, closed, cases, opted_out = (tuple(islice(given, size)) for size in sizes)
    own = Stakes(person, organizations, closed, (0,) * opened, cases, opted_out)
    free = open_to(unclaimed(ready(Case.objects.all())), User(pk=person), own)
    return free.exclude(clause__in=own.opted_out).order_by("rank", "id").values_list("pk")
