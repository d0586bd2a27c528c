"""Names that the team replaced, in the comments of others and in what search finds repositories by (B4, E5)."""

from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts.models import NameReset
from community.models import Comment, Discussion
from community.projections import project_again
from foundation.models import Change
from foundation.work import claim, finish, put_back
from repositories.indexing import index
from repositories.models import Repository

# So many comments are computed in one transaction, which holds their discussions locked.
PORTION = 50
LEASE = timedelta(minutes=2)


def show_names(reset: NameReset) -> int:
    """Compute comments that call a name of `reset` as they read now; returns how many changed.

    No more than a portion, in the caller's transaction: of a name that thousands of comments call, `follow_names`
    computes the others.
    """
    return show(list(_calling(reset)[:PORTION]))


def follow_names() -> int:
    """Let search and comments follow every changed name whose change waits; returns how many were worked off.

    Each portion is a transaction of its own. What fails half-way begins anew: what was computed before stays so.
    """
    count = 0
    waiting = Change.objects.filter(kind="name.changed")
    while claimed := claim(waiting, limit=1, lease=LEASE):
        for change in claimed:
            try:
                _follow(NameReset.objects.get(pk=change.object_id))
                with transaction.atomic():
                    count += len(finish([change]))
            except Exception as error:  # noqa: BLE001 - whatever fails, the row stays and says why
                put_back(change, error)
    return count


def _follow(reset: NameReset) -> None:
    rows = Repository.objects.filter(namespace=reset.namespace_id).order_by("pk")
    for key in list(rows.values_list("pk", flat=True)):
        _find_by_name(key)
    keys = list(_calling(reset))
    for start in range(0, len(keys), PORTION):
        show(keys[start : start + PORTION])


@transaction.atomic
def _find_by_name(key: int) -> None:
    """Locked first and read then: whoever commits at this moment stores the same columns."""
    Repository.objects.select_for_update(no_key=True).values_list("pk").get(pk=key)
    index(Repository.objects.select_related("namespace").get(pk=key))


def _calling(reset: NameReset) -> QuerySet[Comment, int]:
    """The ids of comments that call one of its names, discussion by discussion."""
    called = Q(text__icontains=f"@{reset.former}") | Q(text__icontains=f"@{reset.given}")
    return Comment.objects.filter(called).order_by("discussion_id", "pk").values_list("pk", flat=True)


@transaction.atomic
def show(keys: Collection[int]) -> int:
    """Compute what the comments with these ids show now; returns how many changed.

    Discussions are locked by ascending id, everywhere.
    """
    places = Discussion.objects.filter(comments__in=keys).values("pk")
    list(Discussion.objects.select_for_update(no_key=True).filter(pk__in=places).order_by("pk").values_list("pk"))
    return project_again(keys)
