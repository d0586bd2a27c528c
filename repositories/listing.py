"""Whether lists and feeds show a repository: stored, so that a page of a feed asks one index (A6)."""

from datetime import datetime

from foundation import clock
from repositories.models import Repository, Restriction, Stage, Visibility
from repositories.models.restriction import UNLISTING
from repositories.release import OPEN


def update_listing(row: Repository) -> None:
    """Recompute `listed` and `stale_at` of a repository whose row the caller holds locked.

    `stale_at` is when the last of what unlists it will have ended by itself (restrictions at their end, being private
    at the date of a stage that opens it); queries ask again from then on. None while one of them has no end.
    """
    ends = list(
        Restriction.objects.active().filter(repository=row, kind__in=UNLISTING).values_list("ends_at", flat=True)
    )
    if row.visibility != Visibility.PUBLIC:
        ends.append(_opens_at(row))
    if row.deleted_at is not None:
        ends.append(None)
    known = [end for end in ends if end is not None]
    row.listed = not ends
    row.stale_at = max(known) if known and len(known) == len(ends) else None
    Repository.objects.filter(pk=row.pk).update(listed=row.listed, stale_at=row.stale_at)


def update_label(row: Repository) -> None:
    """Recompute `nfaa` of a repository whose row the caller holds locked: the card says so, or the team (A4).

    `nfaa_until` is when the last of the team's tags ends by itself; None where one does not, or the card has it.
    """
    by_team = Restriction.objects.active().filter(repository=row, kind=Restriction.Kind.NFAA)
    ends = [*by_team.values_list("ends_at", flat=True), *([None] if row.card_nfaa else [])]
    known = [end for end in ends if end is not None]
    row.nfaa = bool(ends)
    row.nfaa_until = max(known) if known and len(known) == len(ends) else None
    Repository.objects.filter(pk=row.pk).update(nfaa=row.nfaa, nfaa_until=row.nfaa_until)


def settle_label(repository: Repository) -> None:
    """Let the object in memory say whether the tag holds still, when its end has passed and nothing has stored it."""
    if repository.nfaa_until is not None and repository.nfaa_until <= clock.now():
        repository.nfaa, repository.nfaa_until = False, None


def _opens_at(row: Repository) -> datetime | None:
    dated = Stage.objects.filter(repository=row, kind__in=OPEN, reached_at=None, starts_at__isnull=False)
    return dated.order_by("starts_at").values_list("starts_at", flat=True).first()
