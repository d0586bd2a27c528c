"""The steps of a release as its owner plans them, checked (A7)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.models import SYSTEM, Namespace, Organization, User
from repositories.models import Gating, Stage
from repositories.release import ORDER

MOST_READERS = 200
FURTHEST = timedelta(days=3650)


@dataclass(frozen=True)
class Step:
    """One step of a plan: its kind, when it begins (None: when the owner says so), and whom it names.

    `people` and `organizations` are names in any case; `gating` matters for the gated step only.
    """

    kind: str
    starts_at: datetime | None = None
    gating: str = Gating.MANUAL
    people: tuple[str, ...] = ()
    organizations: tuple[str, ...] = ()

    @property
    def position(self) -> int:
        return ORDER.index(Stage.Kind(self.kind))

    @property
    def label(self) -> Any:
        return Stage.Kind(self.kind).label


def check_order(steps: Sequence[Step]) -> None:
    """Raise ValidationError unless there are two steps or more, each wider than the one before."""
    if len(steps) < 2:
        raise ValidationError(_("A release has at least two steps: where it begins and where it goes."), code="few")
    if any(step.kind not in Stage.Kind.values for step in steps):
        raise ValidationError(_("There is no such step."), code="invalid")
    if any(later.position <= earlier.position for earlier, later in pairwise(steps)):
        raise ValidationError(_("Each step is wider than the one before, and there is one of each."), code="order")


def check_dates(steps: Sequence[Step], now: datetime) -> None:
    """Raise ValidationError unless the dates of `steps`, none of which began, lie ahead and follow each other."""
    dated = [(step, step.starts_at) for step in steps if step.starts_at is not None]
    for step, at in dated:
        if not now < at <= now + FURTHEST:
            message = _("The date of the step “%(step)s” must lie ahead, within ten years.")
            raise ValidationError(message, code="date", params={"step": step.label})
    for (_earlier, before), (step, at) in pairwise(dated):
        if at <= before:
            message = _("The step “%(step)s” is wider than the one before: its date must come later.")
            raise ValidationError(message, code="dates", params={"step": step.label})


def named_in(step: Step) -> list[User | Organization]:
    """The people or the organizations that `step` names.

    Raises ValidationError for a name that nobody has, and for a step for somebody that names nobody.
    """
    if step.kind == Stage.Kind.PEOPLE:
        return _holders(step.people, _("Say whom you name: one user name in a line."), of_people=True)
    if step.kind == Stage.Kind.ORGANIZATION:
        return _holders(step.organizations, _("Say which organization, by its name here."), of_people=False)
    return []


def _holders(names: Sequence[str], missing: Any, *, of_people: bool) -> list[User | Organization]:
    wanted = {name.lower(): name for name in names}
    if not wanted:
        raise ValidationError(missing, code="nobody")
    if len(wanted) > MOST_READERS:
        raise ValidationError(_("Name at most %(most)s."), code="many", params={"most": MOST_READERS})
    rows = Namespace.objects.alias(lower_name=Lower("name")).filter(lower_name__in=list(wanted)).exclude(name=SYSTEM)
    holders = [row.user if of_people else row.organization for row in rows.select_related("user", "organization")]
    found = {str(one).lower(): one for one in holders if one and (isinstance(one, Organization) or one.is_active)}
    if unknown := [name for key, name in wanted.items() if key not in found]:
        message = _("There is no person called %(names)s.") if of_people else _("No organization is called %(names)s.")
        raise ValidationError(message, code="unknown", params={"names": ", ".join(f"“{name}”" for name in unknown)})
    return [found[key] for key in wanted]
