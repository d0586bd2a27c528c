"""A hold: a comment hidden until the team has looked (C6, C9, E4). A row beside those of author, owner and team.

Nothing is written into the timeline: once it ends, everything is as if it had never been.
"""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.queries import system_actor
from community.models import Comment, Hiding
from community.projections import lock, project
from foundation import bells, clock
from foundation.clock import Now
from foundation.errors import Forbidden


@transaction.atomic
def hold(comment: Comment, *, actor: User, ends_at: datetime | None = None) -> None:
    """Hide `comment` from everybody until the team has looked, or until `ends_at`. Raises Forbidden for others (E4).

    Holding what is held gives the standing hold this end.
    """
    _require_team(actor)
    lock(comment.discussion)
    kept = Comment.objects.select_for_update().get(pk=comment.pk)
    standing = Hiding.objects.filter(comment=kept, side=Hiding.Side.HOLD, lifted_at=None)
    if not standing.update(ends_at=ends_at):
        Hiding.objects.create(
            comment=kept,
            side=Hiding.Side.HOLD,
            category=Hiding.Category.REVIEW,
            actor=actor,
            created_at=clock.now(),
            ends_at=ends_at,
        )
        project(kept)
    if ends_at is not None:
        bells.ring("end_holds")
    comment.refresh_from_db()


@transaction.atomic
def end_hold(comment: Comment, *, actor: User) -> None:
    """Lift the hold; what others hid stays hidden. Raises Forbidden for all but the team."""
    _require_team(actor)
    lock(comment.discussion)
    kept = Comment.objects.select_for_update().get(pk=comment.pk)
    standing = Hiding.objects.filter(comment=kept, side=Hiding.Side.HOLD, lifted_at=None)
    if standing.update(lifted_at=clock.now(), lifted_by=actor):
        project(kept)
    comment.refresh_from_db()


def end_holds() -> int:
    """Show again what was held until a moment that has passed; returns how many. Twice changes nothing more."""
    due = Hiding.objects.filter(side=Hiding.Side.HOLD, lifted_at=None, ends_at__lte=Now()).order_by("ends_at")
    held = list(due.select_related("comment__discussion")[:500])
    for hiding in held:
        end_hold(hiding.comment, actor=system_actor())
    return len(held)


def _require_team(actor: User) -> None:
    if not (actor.is_team or actor.is_system):
        raise Forbidden(_("Only the team can hold a comment."))
