"""What the stages of a release mean for a repository right now (A7)."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from foundation import clock
from repositories.models import Gating, Repository, Stage, Visibility

ORDER = list(Stage.Kind)
# Stages in which everybody sees the page.
OPEN = (Stage.Kind.GATED, Stage.Kind.PUBLIC)


def choices_of(stage: Stage) -> tuple[str, str]:
    """The visibility and the gating that hold while `stage` is the widest one reached."""
    if stage.kind == Stage.Kind.GATED:
        return Visibility.PUBLIC, Gating.MANUAL if stage.gating == Gating.NONE else stage.gating
    if stage.kind == Stage.Kind.PUBLIC:
        return Visibility.PUBLIC, Gating.NONE
    return Visibility.PRIVATE, Gating.NONE


def standing(repository: Repository) -> Stage | None:
    """The widest stage that was reached, by hand or by its date; None without a plan."""
    return Stage.objects.reached().filter(repository=repository.pk).order_by("position").last()


def settle(repository: Repository) -> None:
    """Let the object in memory say what holds when a stage began by its date and nothing has stored it yet.

    Asks the database only while a date is still to come or to be stored; saves nothing.
    """
    settle_all([repository])


def settle_all(rows: Iterable[Repository]) -> None:
    """`settle` for the rows of a list, at most one query for all of them."""
    dated = {row.pk: row for row in rows if row.stage_due_at is not None}
    if not dated:
        return
    for stage in Stage.objects.reached().filter(repository__in=dated).order_by("position"):
        row = dated[stage.repository_id]  # the widest comes last
        row.visibility, row.gating = choices_of(stage)


def opened_by_now() -> QuerySet[Any, Any]:
    """Repositories that a date has opened to everybody and that are not stored so yet; a few at most."""
    return _due().values("repository")


def gated_by_now() -> Q:
    """The repositories that are gated, by what is stored or by a date that nothing has stored yet."""
    public = _due().filter(kind=Stage.Kind.PUBLIC).values("repository")
    return (~Q(gating=Gating.NONE) | Q(pk__in=opened_by_now())) & ~Q(pk__in=public)


def _due() -> QuerySet[Stage]:
    return Stage.objects.filter(reached_at=None, starts_at__lte=clock.Now(), kind__in=OPEN)
