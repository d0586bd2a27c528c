from django.db import transaction
from django.db.models import F

from accounts.models import User
from foundation import clock
from repositories import trending
from repositories.access import require_files, require_see
from repositories.models import Like, Repository


@transaction.atomic
def like(repository: Repository, *, actor: User) -> None:
    """Like a repository once; liking again changes nothing. Raises Forbidden when `actor` does not see it."""
    require_see(repository, actor)
    row = Repository.objects.select_for_update(no_key=True).get(pk=repository.pk)
    _like, created = Like.objects.get_or_create(user=actor, repository=row)
    if created:
        row.likes += 1
        row.trending = trending.add(row.trending, trending.LIKE, clock.now())
        row.save(update_fields=["likes", "trending"])


@transaction.atomic
def unlike(repository: Repository, *, actor: User) -> None:
    """Take a like back. What it added to trending decays by itself."""
    row = Repository.objects.select_for_update(no_key=True).get(pk=repository.pk)
    deleted, _per_model = Like.objects.filter(user=actor, repository=row).delete()
    if deleted:
        row.likes -= 1
        row.save(update_fields=["likes"])


@transaction.atomic
def count_download(repository: Repository, *, actor: User | None) -> None:
    """Count one download; none of a member of the team who opened the repository to look at it (A2).

    Raises Forbidden when `actor` may not have the files.
    """
    if require_files(repository, actor).inspecting:
        return
    row = Repository.objects.select_for_update(no_key=True).get(pk=repository.pk)
    value = trending.add(row.trending, trending.DOWNLOAD, clock.now())
    Repository.objects.filter(pk=row.pk).update(downloads=F("downloads") + 1, trending=value)
