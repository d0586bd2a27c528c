"""Whether lists and feeds show a repository: stored, so that a page of a feed asks one index (A6)."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from foundation import clock
from repositories.models import Repository, Restriction, Stage, Visibility
from repositories.models.restriction import UNLISTING
from repositories.release import OPEN

# What `_say_listing` and `_say_label` set.
LISTING = ("listed", "stale_at", "kept_private", "kept_private_until", "removed", "removed_until")
LABEL = ("nfaa", "nfaa_until")
# A restriction that stands: its kind and its end.
Standing = tuple[str, datetime | None]


def update_listing(row: Repository) -> None:
    """Recompute `listed`, `stale_at`, `kept_private` and `removed` of a repository whose row the caller holds locked.

    `stale_at` is when the last of what unlists it will have ended by itself (restrictions at their end, being private
    at the date of a stage that opens it); queries ask again from then on. None while one of them has no end.
    """
    standing = Restriction.objects.active().filter(repository=row, kind__in=UNLISTING).values_list("kind", "ends_at")
    _say_listing(row, list(standing))
    Repository.objects.filter(pk=row.pk).update(**{name: getattr(row, name) for name in LISTING})


def _say_listing(row: Repository, standing: Sequence[Standing]) -> None:
    unlisting = [(kind, end) for kind, end in standing if kind in UNLISTING]
    ends = [end for _kind, end in unlisting]
    closing = [end for kind, end in unlisting if kind == Restriction.Kind.PRIVATE]
    row.kept_private, row.kept_private_until = bool(closing), _last(closing)
    removing = [end for kind, end in unlisting if kind == Restriction.Kind.REMOVED]
    row.removed, row.removed_until = bool(removing), _last(removing)
    if row.visibility != Visibility.PUBLIC:
        ends.append(_opens_at(row))
    if row.deleted_at is not None:
        ends.append(None)
    row.listed, row.stale_at = not ends, _last(ends)


def update_label(row: Repository) -> None:
    """Recompute `nfaa` of a repository whose row the caller holds locked: the card says so, or the team (A4).

    `nfaa_until` is when the last of the team's tags ends by itself; None where one does not, or the card has it.
    """
    by_team = Restriction.objects.active().filter(repository=row, kind=Restriction.Kind.NFAA)
    _say_label(row, list(by_team.values_list("kind", "ends_at")))
    Repository.objects.filter(pk=row.pk).update(nfaa=row.nfaa, nfaa_until=row.nfaa_until)


def _say_label(row: Repository, standing: Sequence[Standing]) -> None:
    ends = [end for kind, end in standing if kind == Restriction.Kind.NFAA]
    ends += [None] if row.card_nfaa else []
    row.nfaa, row.nfaa_until = bool(ends), _last(ends)


def update_all(rows: Sequence[Repository]) -> None:
    """What `update_listing` and `update_label` do, for many rows that the caller holds locked; two queries.

    One more for each whose owner keeps it private.
    """
    standing: dict[int, list[Standing]] = defaultdict(list)
    active = Restriction.objects.active().filter(repository__in=[row.pk for row in rows])
    for key, kind, end in active.values_list("repository", "kind", "ends_at"):
        standing[key].append((kind, end))
    for row in rows:
        _say_listing(row, standing[row.pk])
        _say_label(row, standing[row.pk])
    Repository.objects.bulk_update(rows, [*LISTING, *LABEL])


def settle_label(repository: Repository) -> None:
    """Let the object in memory say whether the tag holds still, when its end has passed and nothing has stored it."""
    if repository.nfaa_until is not None and repository.nfaa_until <= clock.now():
        repository.nfaa, repository.nfaa_until = False, None


def _last(ends: Sequence[datetime | None]) -> datetime | None:
    """When the last of them ends; None where one has no end, and where there is none."""
    known = [end for end in ends if end is not None]
    return max(known) if known and len(known) == len(ends) else None


def _opens_at(row: Repository) -> datetime | None:
    dated = Stage.objects.filter(repository=row, kind__in=OPEN, reached_at=None, starts_at__isnull=False)
    return dated.order_by("starts_at").values_list("starts_at", flat=True).first()
