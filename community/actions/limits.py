"""Discussions that measures close or lock (E4): rows beside what opener, owner and team chose, lifted by nobody but us.

While one stands nobody changes what it holds: what was chosen before it holds again when the last one is lifted.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from community import ending
from community import ending_together as together
from community.ending import lock, note_ends, project_limits
from community.models import Discussion, Limit
from foundation import bells, clock
from foundation.clock import Now
from foundation.errors import Forbidden


@transaction.atomic
def limit(discussion: Discussion, kind: str, *, actor: User, ends_at: datetime | None = None) -> Limit:
    """Close or lock `discussion` by a measure, or until `ends_at`; several stand beside each other.

    Raises Forbidden for all but the team.
    """
    _require_team(actor)
    row = lock(discussion)
    made = Limit.objects.create(
        discussion=row, kind=Limit.Kind(kind), actor=actor, created_at=clock.now(), ends_at=ends_at
    )
    project_limits(row)
    if ends_at is not None:
        note_ends(row)
        bells.ring("end_limits")
    discussion.refresh_from_db(fields=["status", "locked"])
    return made


@transaction.atomic
def limit_all(
    discussions: Sequence[Discussion], kind: str, *, actor: User, ends_at: datetime | None = None
) -> dict[int, Limit]:
    """The same for many, by their ids: as many statements for twenty as for two. Raises Forbidden."""
    _require_team(actor)
    made = {one.discussion_id: one for one in together.limit_all(discussions, kind, actor=actor, ends_at=ends_at)}
    if ends_at is not None:
        for timed in made.values():
            note_ends(timed.discussion)
        bells.ring("end_limits")
    for one in discussions:
        row = made[one.pk].discussion
        one.status, one.locked = row.status, row.locked
    return made


@transaction.atomic
def lift_limits(standing: Sequence[Limit], *, actor: User) -> None:
    """Lift what `limit` did, for many, and nothing else. Raises Forbidden for all but the team."""
    _require_team(actor)
    together.lift_limits(standing, actor=actor)


@transaction.atomic
def lift_limit(standing: Limit, *, actor: User) -> None:
    """Lift what `limit` did, and nothing else. Raises Forbidden for all but the team."""
    _require_team(actor)
    row = lock(standing.discussion)
    ending.lift_limit(row, standing, actor=actor, at=clock.now())


@transaction.atomic
def change_end(standing: Limit, *, ends_at: datetime | None, actor: User) -> None:
    """Give what `limit` did another end, or none. Raises Forbidden for all but the team."""
    _require_team(actor)
    row = lock(standing.discussion)
    if Limit.objects.filter(pk=standing.pk, lifted_at=None).update(ends_at=ends_at):
        note_ends(row)
        bells.ring("end_limits")


def end_limits() -> int:
    """Lift those whose end has passed, with whatever else ended there; returns how many. Twice changes nothing more."""
    over = Limit.objects.filter(lifted_at=None, ends_at__lte=Now()).order_by("ends_at")
    return ending.settle_each(over.values_list("discussion", flat=True)[: ending.MOST])


def _require_team(actor: User) -> None:
    if not (actor.is_team or actor.is_system):
        raise Forbidden(_("Only the team can limit a discussion by a measure."))
