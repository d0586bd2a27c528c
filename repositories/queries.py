"""Lists, feeds and search of repositories (A6)."""

from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from foundation.clock import Now
from repositories.access import Viewer, not_found, own_side, seen_by
from repositories.models import Kind, Like, Repository, Restriction, Visibility

ORDERS = {
    "trending": ("-trending", "-id"),
    "newest": ("-created_at", "-id"),
    "likes": ("-likes", "-id"),
}


def listed_for(viewer: Viewer) -> QuerySet[Repository]:
    """Repositories that lists show `viewer`: the listed ones, those whose restriction ended by itself, the own side's.

    The team sees downgraded and disabled ones too, but nobody's private ones (A2).
    """
    return Repository.objects.select_related("namespace").filter(reduce(or_, _shown_to(viewer)))


def listed_parts(viewer: Viewer) -> list[QuerySet[Repository]]:
    """`listed_for` in parts without a common row, for `page(first, …, also=others)`: the first walks one index in its
    order, the others are few; an OR of them would sort the whole table (recipes, "Feed"). Cards stay behind.
    """
    rows = Repository.objects.select_related("namespace").defer("card", "search_text")
    return [rows.filter(condition) for condition in _shown_to(viewer)]


def _shown_to(viewer: Viewer) -> list[Q]:
    ended, standing = Q(stale_at__lte=Now()), Q(stale_at=None) | Q(stale_at__gt=Now())
    conditions = [Q(listed=True), Q(listed=False) & ended]
    if viewer is not None and viewer.is_authenticated:
        special = Q(namespace__in=own_side(viewer))
        if viewer.is_team:
            special |= Q(visibility=Visibility.PUBLIC)
        conditions.append(Q(listed=False) & standing & special)
    return conditions


def tagged(rows: QuerySet[Repository], *, tag: str = "", language: str = "") -> QuerySet[Repository]:
    """Those of `rows` whose card names the tag and the language, where one is given."""
    if tag:
        rows = rows.filter(tags__contains=[tag])
    if language:
        rows = rows.filter(languages__contains=[language])
    return rows


def search(rows: QuerySet[Repository], words: str) -> QuerySet[Repository]:
    """Those of `rows` that contain every word of `words`, in any script: substrings, by trigrams."""
    for word in words.lower().split()[:8]:
        rows = rows.filter(search_text__contains=word)
    return rows


def with_states(rows: QuerySet[Repository]) -> QuerySet[Repository]:
    """Annotate `is_downgraded` and `is_disabled`, for lists that show them as tags."""
    standing = Restriction.objects.active().filter(repository=OuterRef("pk"))
    return rows.annotate(
        is_downgraded=Exists(standing.filter(kind=Restriction.Kind.DOWNGRADED)),
        is_disabled=Exists(standing.filter(kind=Restriction.Kind.DISABLED)),
    )


def find(kind: str, owner: str, name: str, viewer: Viewer) -> Repository:
    """The repository at this address as `viewer` sees it; one query.

    Raises the same 404 for a private and a missing one, after the same query (A2).
    """
    # Lower(), because the indexes are over it; Django's iexact asks for UPPER().
    rows = Repository.objects.alias(lower_owner=Lower("namespace__name"), lower_name=Lower("name"))
    rows = rows.filter(seen_by(viewer), kind=Kind(kind), lower_owner=owner.lower(), lower_name=name.lower())
    repository = rows.select_related("namespace").first()
    if repository is None:
        raise not_found()
    return repository


def likes(viewer: Viewer, repository: Repository) -> bool:
    """Whether `viewer` likes it."""
    if viewer is None or not viewer.is_authenticated:
        return False
    return Like.objects.filter(user=viewer.pk, repository=repository.pk).exists()
