from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F

from accounts.models import User
from foundation import bells, clock
from foundation.clock import Now
from repositories.listing import update_all, update_label, update_listing
from repositories.models import Repository, Restriction
from repositories.models.restriction import HIDING_CARD
from repositories.projections import show_or_hold


@transaction.atomic
def restrict(
    repository: Repository,
    *,
    kind: str,
    reason: str,
    actor: User,
    ends_at: datetime | None = None,
    confidential: bool = False,
) -> Restriction:
    """Put a restriction beside what the owner chose (E5). Who may is decided by the rooms above that call this.

    Of a `confidential` one the page says to nobody but its owner what it is and when it ends (E3).
    """
    row = Repository.objects.select_for_update(no_key=True).get(pk=repository.pk)
    restriction = Restriction.objects.create(
        repository=row,
        kind=Restriction.Kind(kind),
        reason=reason,
        confidential=confidential,
        starts_at=clock.now(),
        ends_at=ends_at,
    )
    update_listing(row)
    update_label(row)
    if row.nfaa_until is not None:
        bells.ring("store_ended_labels")
    if restriction.kind in HIDING_CARD:
        _show_or_hold(row)
        bells.ring("show_cards_again")
    return restriction


@transaction.atomic
def lift(restriction: Restriction, *, actor: User) -> None:
    """End a restriction now; once lifted it stays as it is. The owner's choices were never touched (E5)."""
    row = Repository.objects.select_for_update(no_key=True).get(pk=restriction.repository_id)
    Restriction.objects.filter(pk=restriction.pk, lifted_at=None).update(lifted_at=clock.now())
    update_listing(row)
    update_label(row)
    if restriction.kind in HIDING_CARD:
        _show_or_hold(row)


@transaction.atomic
def lift_all(restrictions: Sequence[Restriction], *, actor: User) -> None:
    """What `lift` does, for many: five queries, and more for each that hides a card."""
    keys = {one.repository_id for one in restrictions}
    rows = list(Repository.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk"))
    Restriction.objects.filter(pk__in=[one.pk for one in restrictions], lifted_at=None).update(lifted_at=clock.now())
    update_all(rows)
    hidden = {one.repository_id for one in restrictions if one.kind in HIDING_CARD}
    for row in rows:
        if row.pk in hidden:
            _show_or_hold(row)


@transaction.atomic
def change_end(restriction: Restriction, *, ends_at: datetime | None, actor: User) -> None:
    """Give a standing restriction another end, or none."""
    row = Repository.objects.select_for_update(no_key=True).get(pk=restriction.repository_id)
    Restriction.objects.filter(pk=restriction.pk, lifted_at=None).update(ends_at=ends_at)
    update_listing(row)
    update_label(row)
    if restriction.kind in HIDING_CARD:
        _show_or_hold(row)


def change_reason(restriction: Restriction, *, reason: str, confidential: bool) -> None:
    """Give a restriction other words for its page, and say whether the page names what it is."""
    Restriction.objects.filter(pk=restriction.pk).update(reason=reason, confidential=confidential)


@transaction.atomic
def store_ended_labels() -> int:
    """Store that tags of the team ended by themselves; returns of how many repositories. Twice changes nothing more."""
    rows = Repository.objects.select_for_update(no_key=True, skip_locked=True).filter(nfaa_until__lte=Now())[:1_000]
    for row in rows:
        update_label(row)
    return len(rows)


@transaction.atomic
def show_cards_again() -> int:
    """Store that holds of cards ended by themselves; returns how many. Twice changes nothing more.

    Pages ask the clock and show the card from its end on; lists and search know it again from here on.
    """
    ended = Restriction.objects.filter(kind__in=HIDING_CARD, lifted_at=None, ends_at__lte=Now())
    keys = list(ended.order_by("pk").values_list("pk", "repository")[:200])
    for key, repository in keys:
        row = Repository.objects.select_for_update(no_key=True).get(pk=repository)
        Restriction.objects.filter(pk=key, lifted_at=None).update(lifted_at=F("ends_at"))
        _show_or_hold(row)
    return len(keys)


def _show_or_hold(row: Repository) -> None:
    show_or_hold(Repository.objects.select_related("namespace").get(pk=row.pk))
