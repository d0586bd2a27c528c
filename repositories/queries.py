"""Lists, feeds and search of repositories (A6)."""

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Lower

from accounts.models import NfaaPreference, User
from accounts.resets import is_replaced
from foundation import clock
from foundation.clock import Now
from foundation.compiled import Compiled
from repositories import release
from repositories.access import (
    NOT_CLOSED,
    NOT_REMOVED,
    Viewer,
    is_removed,
    managed_by,
    not_found,
    own_side,
    read_by,
    seen_by,
)
from repositories.errors import Moved, Removed
from repositories.models import FormerAddress, Kind, Like, Repository, Restriction, Visibility, long_columns
from repositories.models.restriction import UNLISTING

ORDERS = {
    "trending": ("-trending", "-id"),
    "newest": ("-created_at", "-id"),
    "likes": ("-likes", "-id"),
    "downloads": ("-downloads", "-id"),
    "updated": ("-updated_at", "-id"),
}
_STANDING = Restriction.objects.active().filter(repository=OuterRef("pk"))
# Of what is listed nothing is asked: it has no standing restriction of these kinds.
STATES = {
    name: Case(When(listed=False, then=Exists(_STANDING.filter(kind=kind))), default=Value(False))
    for name, kind in (("is_downgraded", Restriction.Kind.DOWNGRADED), ("is_disabled", Restriction.Kind.DISABLED))
}


def listed_for(viewer: Viewer) -> QuerySet[Repository]:
    """Repositories that lists show `viewer`: the listed ones, those whose restriction ended by itself, the own side's.

    The team sees downgraded and disabled ones too, but none that is private (A2). Whoever chose never to list what is
    not for all audiences has none of it, except on the own side (A4).
    """
    if not isinstance(viewer, User):
        return rows().filter(reduce(or_, _FOR_EVERYBODY))
    common, special = _shown_to(viewer, own_side(viewer), read_by(viewer))
    return rows().filter(reduce(or_, [*common, *special]))


def listed_parts(viewer: Viewer) -> list[QuerySet[Repository]]:
    """`listed_for` in parts without a common row, with their states, for `page(first, …, also=others)`.

    The first two each walk an index of their own in the order of a feed, the others are few; an OR of them would sort
    the whole table (recipes, "Feed"). The second are those not for all audiences. What somebody who is signed in sees
    besides is asked for first, in two statements: the database then plans few parts, and those in no time.
    """
    if isinstance(viewer, User):
        common, special = _shown_to(viewer, list(own_side(viewer)), list(read_by(viewer)))
    else:
        common, special = _FOR_EVERYBODY, []
    none = {name: Value(False) for name in STATES}
    return [
        *(rows().filter(condition).annotate(**none) for condition in common),
        *(with_states(rows().filter(condition)) for condition in special),
    ]


def rows() -> QuerySet[Repository]:
    """Repositories as lists need them: with their namespaces; cards and what is long stay behind."""
    return Repository.objects.select_related("namespace").defer(*long_columns())


_FEED, _TAGGED, _ENDED = Q(listed=True, nfaa=False), Q(listed=True, nfaa=True), Q(listed=False, stale_at__lte=Now())
_FOR_EVERYBODY = [_FEED, _TAGGED, _ENDED]


def _shown_to(viewer: User, namespaces: Any, readable: Any) -> tuple[list[Q], list[Q]]:
    """Conditions without a common row: what lists show everybody, and what they show `viewer` of the unlisted.

    `namespaces` are those of the own side, `readable` the repositories that stages let this person read: ids, or
    querysets of them. Each condition asks one index; joined by OR they would read all that is unlisted.
    """
    common, own, reads = _FOR_EVERYBODY, Q(namespace__in=namespaces), Q(pk__in=readable)
    unlisted = Q(listed=False, deleted_at=None) & (Q(stale_at=None) | Q(stale_at__gt=Now())) & NOT_REMOVED
    if viewer.nfaa == NfaaPreference.NEVER:
        untagged = Q(nfaa_until__lte=Now())
        wanted = Q(nfaa=False) | own | untagged
        common = [_FEED, _TAGGED & own, _TAGGED & ~own & untagged, _ENDED & wanted]
        unlisted &= wanted
    # What the team made private is there for those who manage it, and for nobody else.
    special = [unlisted & own & (NOT_CLOSED | Q(namespace__in=managed_by(viewer)))]
    if viewer.is_team:
        public = Q(visibility=Visibility.PUBLIC) | Q(pk__in=release.opened_by_now())
        others = unlisted & ~own & NOT_CLOSED
        special += [others & reads, others & ~reads & public]
    elif readable != []:  # where it is known that there are none, no index is asked
        # What the team left out of lists it left out for readers too (A7).
        unlisting = Restriction.objects.active().filter(repository=OuterRef("pk"), kind__in=UNLISTING)
        special.append(unlisted & ~own & reads & Q(~Exists(unlisting)))
    return common, special


def with_states(rows: QuerySet[Repository]) -> QuerySet[Repository]:
    """Annotate `is_downgraded` and `is_disabled`, for lists that show them as tags."""
    return rows.annotate(**STATES)


def settle(found: Iterable[Repository]) -> None:
    """Let the rows of a list say what holds where a date has passed that nothing has stored yet: stages and tags.

    Asks the database only about rows that have such a date.
    """
    found = list(found)
    release.settle_all(found)
    if any(row.nfaa_until is not None for row in found):
        now = clock.now()
        for row in found:
            row.nfaa = row.nfaa and (row.nfaa_until is None or row.nfaa_until > now)


def find(kind: str, owner: str, name: str, viewer: Viewer) -> Repository:
    """The repository at this address as `viewer` sees it; one query.

    Raises the same 404 for a private and a missing one, after the same two queries (A2); Moved, with the repository,
    when it lay here before and `viewer` sees it where it is now; Removed when the team removed what `viewer` would see.
    """
    address = {"kind": Kind(kind).value, "owner": owner.lower(), "name": name.lower()}
    for here in _found(viewer, *address.values()):
        return still_there(here, viewer)
    former = FormerAddress.objects.filter(~is_replaced(), **address)
    moved = _even_removed(viewer).filter(pk__in=former.values("repository")).first()
    if moved is not None:
        raise Moved(moved, kind=kind, owner=owner, name=name)
    raise not_found()


def _even_removed(viewer: Viewer) -> QuerySet[Repository]:
    return Repository.objects.filter(seen_by(viewer, even_removed=True)).select_related("namespace")


def _at(viewer: Viewer, kind: str, owner: str, name: str) -> QuerySet[Repository]:
    """Of one address. Lower(), because the indexes are over it; Django's iexact asks for UPPER()."""
    named = _even_removed(viewer).alias(lower_owner=Lower("namespace__name"), lower_name=Lower("name"))
    return named.filter(kind=kind, lower_owner=owner, lower_name=name)[:1]


def _found(viewer: Viewer, *address: str) -> Iterable[Repository]:
    if not isinstance(viewer, User):
        return _visitor_finds(*address)
    return _at(viewer, *address) if viewer.is_system else _person_finds(viewer.pk, *address)


# Nearly every request asks one of these: compiled once.
_visitor_finds = Compiled(lambda *address: _at(None, *address))
_person_finds = Compiled(lambda key, *address: _at(User(pk=key), *address))


def still_there(found: Repository, viewer: Viewer) -> Repository:
    """What `viewer` would see, unless the team removed it: then Removed is raised, but for who inspects it (E4)."""
    if not is_removed(found) or Repository.objects.filter(seen_by(viewer), pk=found.pk).exists():
        return found
    removing = Restriction.objects.active().filter(repository=found, kind=Restriction.Kind.REMOVED)
    raise Removed(found, tuple(removing.order_by("pk")))


def likes(viewer: Viewer, repository: Repository) -> bool:
    """Whether `viewer` likes it."""
    if viewer is None or not viewer.is_authenticated:
        return False
    return Like.objects.filter(user=viewer.pk, repository=repository.pk).exists()
