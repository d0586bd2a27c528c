"""What the team asks of an owner: rows that the rooms above make, tick off and end (E1)."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from foundation import clock
from repositories.models import OwnerRequest, Repository


@transaction.atomic
def ask(
    repository: Repository,
    condition: str,
    *,
    until: datetime,
    actor: User,
    confidential: bool = False,
    discussion: int | None = None,
) -> OwnerRequest:
    """Ask the owner for something until a date. Who may is decided by the rooms above that call this."""
    row = _lock(repository.pk)
    asked = OwnerRequest.objects.create(
        repository=row,
        condition=condition,
        confidential=confidential,
        discussion=discussion,
        asked_at=clock.now(),
        until=until,
    )
    _note(row)
    return asked


@transaction.atomic
def tick(asked: OwnerRequest, *, met_at: datetime | None, actor: User) -> None:
    """It is done since `met_at`, or (None) not any more."""
    OwnerRequest.objects.filter(pk=asked.pk).update(met_at=met_at)
    asked.met_at = met_at


@transaction.atomic
def end(asked: OwnerRequest, *, at: datetime | None, actor: User) -> None:
    """Nobody asks for it any more since `at`; None: it is asked for again, until the same date."""
    row = _lock(asked.repository_id)
    OwnerRequest.objects.filter(pk=asked.pk).update(ended_at=at)
    asked.ended_at = at
    _note(row)


def move_date(repository: int, until: datetime) -> None:
    """What is asked about the repository with this id is asked by another date, in the caller's transaction."""
    OwnerRequest.objects.filter(repository=repository, ended_at=None).exclude(until=until).update(until=until)


def _lock(key: int) -> Repository:
    return Repository.objects.select_for_update(no_key=True).get(pk=key)


def _note(row: Repository) -> None:
    row.asked = OwnerRequest.objects.filter(repository=row, ended_at=None).exists()
    row.save(update_fields=["asked"])
