"""Whether lists and feeds show a repository: stored, so that a page of a feed asks one index (A6)."""

from repositories.models import Repository, Restriction, Visibility
from repositories.models.restriction import UNLISTING


def update_listing(row: Repository) -> None:
    """Recompute `listed` and `stale_at` of a repository whose row the caller holds locked.

    `stale_at` is when the last of the restrictions that unlist it ends by itself; queries ask again from then on.
    """
    row.listed, row.stale_at = row.visibility == Visibility.PUBLIC, None
    if row.listed:
        ends = list(
            Restriction.objects.active().filter(repository=row, kind__in=UNLISTING).values_list("ends_at", flat=True)
        )
        row.listed = not ends
        known = [end for end in ends if end is not None]
        row.stale_at = max(known) if known and len(known) == len(ends) else None
    Repository.objects.filter(pk=row.pk).update(listed=row.listed, stale_at=row.stale_at)
