"""A release in stages: planned, begun, taken back, dropped by the owner (A7)."""

from collections.abc import Sequence
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization, User
from foundation import bells, clock
from foundation.errors import Refused
from repositories.access import require_manage
from repositories.actions.stages import hold
from repositories.listing import update_listing
from repositories.models import Gating, Reader, Repository, Stage
from repositories.release import standing
from repositories.steps import Step, check_dates, check_order, named_in


@transaction.atomic
def plan_release(repository: Repository, steps: Sequence[Step], *, actor: User) -> None:
    """Plan a release, or plan it anew (A7).

    The first step holds at once; in a new plan of a release that is under way, every step up to the one that holds
    now counts as begun and keeps its date. The others begin at their dates, or when the owner says so.

    Raises Forbidden unless `actor` manages the repository, ValidationError for fewer than two steps, steps that do not
    widen, dates that lie behind or do not ascend, and names that nobody has.
    """
    row = _lock(repository, actor)
    check_order(steps)
    moment, now_holding = clock.now(), standing(row)
    reached = now_holding.position if now_holding else -1
    begun = [step for number, step in enumerate(steps) if number == 0 or step.position <= reached]
    if steps[0].starts_at is not None and steps[0].position > reached:
        message = _("The first step begins as soon as you save the plan: leave its date empty.")
        raise ValidationError(message, code="first")
    check_dates(steps[len(begun) :], moment)
    named = [named_in(step) for step in steps]
    before = {stage.kind: stage for stage in Stage.objects.filter(repository=row)}
    Stage.objects.filter(repository=row).delete()
    for step, readers in zip(steps, named, strict=True):
        _make(row, step, readers, before.get(step.kind), moment if step in begun else None)
    _hold(row, repository)
    bells.ring("store_due_stages")


@transaction.atomic
def begin_stage(repository: Repository, kind: str, *, actor: User) -> None:
    """Begin a stage of the plan now: one that waits for the owner's word, or for its date (A7).

    What was begun stays begun: beginning the same stage twice changes nothing. Raises Forbidden unless `actor` manages
    the repository, Refused when the plan has no such stage or a wider one holds already.
    """
    row = _lock(repository, actor)
    stage, holding = _stage(row, kind), standing(row)
    if holding is not None and holding.position > stage.position:
        raise Refused(_("A wider step holds already. To go back to this one, narrow the release."), code="wider")
    Stage.objects.filter(pk=stage.pk, reached_at=None).update(reached_at=clock.now())
    _hold(row, repository)


@transaction.atomic
def narrow(repository: Repository, kind: str, *, actor: User) -> None:
    """Go back to a narrower stage of the plan (A7).

    The stages after it count as not begun, and lose the dates that have passed; dates still to come stand. What people
    downloaded stays with them. Raises as `begin_stage` does.
    """
    row = _lock(repository, actor)
    stage, moment = _stage(row, kind), clock.now()
    holding = standing(row)
    if holding is None or holding.position < stage.position:
        raise Refused(_("This step has not begun: there is nothing to take back."), code="not_begun")
    later = Stage.objects.filter(repository=row, position__gt=stage.position)
    later.filter(starts_at__lte=moment).update(starts_at=None)
    later.update(reached_at=None)
    Stage.objects.filter(pk=stage.pk, reached_at=None).update(reached_at=moment)
    _hold(row, repository)


@transaction.atomic
def drop_plan(repository: Repository, *, actor: User) -> None:
    """End the release: what holds now stays so, no date changes it any more, and whom it named is no reader (A7).

    Raises Forbidden unless `actor` manages the repository.
    """
    row = _lock(repository, actor)
    end_plan(row)
    repository.refresh_from_db()


def end_plan(row: Repository) -> None:
    """Take the stages and their readers from a repository whose row the caller holds locked."""
    Stage.objects.filter(repository=row).delete()
    row.stage_due_at = None
    row.save(update_fields=["stage_due_at"])
    update_listing(row)


def _lock(repository: Repository, actor: User) -> Repository:
    row = (
        Repository.objects.select_for_update(no_key=True, of=("self",))
        .select_related("namespace")
        .get(pk=repository.pk)
    )
    require_manage(row, actor)
    hold(row)
    return row


def _stage(row: Repository, kind: str) -> Stage:
    stage = Stage.objects.filter(repository=row, kind=kind).first()
    if stage is None:
        raise Refused(_("The release of this repository has no such step."), code="no_such_step", status=404)
    return stage


def _make(
    row: Repository,
    step: Step,
    readers: Sequence[User | Organization],
    before: Stage | None,
    begun: datetime | None,
) -> None:
    reached = begun if before is None or before.reached_at is None else before.reached_at
    stage = Stage.objects.create(
        repository=row,
        kind=step.kind,
        position=step.position,
        gating=step.gating if step.kind == Stage.Kind.GATED else Gating.NONE,
        starts_at=step.starts_at if begun is None else before.starts_at if before else None,
        reached_at=begun and reached,
    )
    for reader in readers:
        holder = {"user": reader} if isinstance(reader, User) else {"organization": reader}
        Reader.objects.create(stage=stage, **holder)


def _hold(row: Repository, repository: Repository) -> None:
    hold(row)
    repository.refresh_from_db()
