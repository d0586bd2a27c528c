"""Where a release stands, as its owner reads it (A7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from repositories.models import Repository, Stage

BEGIN = {
    Stage.Kind.PEOPLE: _("The people named here see the page and get the files. We do not write to them: tell them."),
    Stage.Kind.ORGANIZATION: _("The members of the organization see the page and get the files."),
    Stage.Kind.GATED: _("Everybody sees the page and the discussions, and can ask for the files."),
    Stage.Kind.PUBLIC: _("Everybody sees the page and gets the files. What people download stays with them for good."),
}
NARROW = {
    Stage.Kind.PRIVATE: _("Only the owner side sees the page and gets the files again."),
    Stage.Kind.PEOPLE: _("Only the owner side and the people named here see the page and get the files again."),
    Stage.Kind.ORGANIZATION: _("Only the owner side and whom the steps up to this one name see it again."),
    Stage.Kind.GATED: _("Everybody still sees the page; the files are again for those whom you let in."),
}


@dataclass(frozen=True)
class Line:
    """One stage of the timeline: over, holds, skipped, dated (its date is to come) or waits (for the owner's word).

    `at` is when it began or will begin; `consequence` what happens when the owner begins it or goes back to it.
    """

    stage: Stage
    state: str
    at: datetime | None
    consequence: Any

    @property
    def readers(self) -> list[Any]:
        return [reader.user or reader.organization for reader in self.stage.readers.all()]


def stages_of(repository: Repository) -> list[Stage]:
    """The stages of the plan, narrow first, with whom they name; two queries."""
    return list(repository.stages.prefetch_related("readers__user", "readers__organization"))


def lines_of(stages: Sequence[Stage], now: datetime) -> list[Line]:
    """The timeline, by the database's clock `now`: also where no process has stored yet what a date brought about."""
    holding = max((stage.position for stage in stages if _began(stage, now)), default=-1)
    return [_line(stage, holding, now) for stage in stages]


def _began(stage: Stage, now: datetime) -> datetime | None:
    by_date = stage.starts_at if stage.starts_at is not None and stage.starts_at <= now else None
    return stage.reached_at or by_date


def _line(stage: Stage, holding: int, now: datetime) -> Line:
    kind, began = Stage.Kind(stage.kind), _began(stage, now)
    if stage.position == holding:
        return Line(stage, "holds", began, "")
    if stage.position < holding:
        return Line(stage, "over" if began else "skipped", began, NARROW.get(kind, ""))
    return Line(stage, "dated" if stage.starts_at else "waits", stage.starts_at, BEGIN.get(kind, ""))
