"""Comments that measures hide (C6, C9, E4): rows beside those of author, owner and team, lifted by nobody but us.

Of a hold, until the team has looked, nothing is written into the timeline: once it ends, everything is as if it had
never been. What a decision hides the timeline says, and that it was lifted.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.queries import system_actor
from community.actions.hiding import BY_MEASURE
from community.ending import MOST, lift_hiding, lock, note_ends, settle_each
from community.ending_together import lift_hidings
from community.entries import write_event
from community.models import Comment, DiscussionEvent, Hiding
from community.projections import project
from foundation import bells, clock
from foundation.clock import Now
from foundation.errors import Forbidden


@transaction.atomic
def hold(comment: Comment, *, actor: User, ends_at: datetime | None = None) -> None:
    """Hide `comment` from everybody until the team has looked, or until `ends_at`. Raises Forbidden for others (E4).

    Holding what is held gives the standing hold this end.
    """
    _require_team(actor)
    row = lock(comment.discussion)
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
    # It may have had an end before that it has no more.
    if ends_at is not None or row.unsettled_at is not None:
        note_ends(row)
        bells.ring("end_holds")
    comment.refresh_from_db()


@transaction.atomic
def end_hold(comment: Comment, *, actor: User) -> None:
    """Lift the hold; what others hid stays hidden. Raises Forbidden for all but the team."""
    _require_team(actor)
    row = lock(comment.discussion)
    for standing in Hiding.objects.filter(comment=comment, side=Hiding.Side.HOLD, lifted_at=None):
        lift_hiding(row, standing, actor=actor, at=clock.now())
    comment.refresh_from_db()


@transaction.atomic
def end_all_holds(comments: Iterable[Comment], *, actor: User) -> None:
    """The same for many. Raises Forbidden for all but the team."""
    _require_team(actor)
    keys = [one.pk for one in comments]
    standing = Hiding.objects.filter(comment__in=keys, side=Hiding.Side.HOLD, lifted_at=None)
    lift_hidings(standing.select_related("comment"), actor=actor)


@transaction.atomic
def hide_by_decision(comment: Comment, *, actor: User, ends_at: datetime | None = None) -> Hiding:
    """Hide `comment` from everybody by a measure, or until `ends_at`; several stand beside each other (E4, E5).

    Raises Forbidden for all but the team.
    """
    _require_team(actor)
    row = lock(comment.discussion)
    kept = Comment.objects.select_for_update().get(pk=comment.pk)
    shown = not kept.hidden
    hiding = Hiding.objects.create(
        comment=kept,
        side=Hiding.Side.VERDICT,
        category=Hiding.Category.RULES,
        actor=actor,
        created_at=clock.now(),
        ends_at=ends_at,
    )
    project(kept)
    if shown:
        data = {"category": hiding.category, "side": hiding.side}
        write_event(row, DiscussionEvent.Kind.HIDDEN, actor=system_actor(), comment=kept, data=data)
    if ends_at is not None:
        note_ends(row)
        bells.ring("end_holds")
    comment.refresh_from_db()
    return hiding


@transaction.atomic
def lift_decided(hiding: Hiding, *, actor: User) -> None:
    """Lift what hide_by_decision did, and nothing else. Raises Forbidden for all but the team."""
    _require_team(actor)
    row = lock(hiding.comment.discussion)
    lift_hiding(row, hiding, actor=actor, at=clock.now())


@transaction.atomic
def lift_all_decided(hidings: Sequence[Hiding], *, actor: User) -> None:
    """The same for many. Raises Forbidden for all but the team."""
    _require_team(actor)
    lift_hidings(hidings, actor=actor)


@transaction.atomic
def change_end(hiding: Hiding, *, ends_at: datetime | None, actor: User) -> None:
    """Give what hide_by_decision did another end, or none. Raises Forbidden for all but the team."""
    _require_team(actor)
    row = lock(hiding.comment.discussion)
    if Hiding.objects.filter(pk=hiding.pk, lifted_at=None).update(ends_at=ends_at):
        note_ends(row)
        bells.ring("end_holds")


def end_holds() -> int:
    """Show again what was hidden until a moment that has passed, and lift whatever else ended there; returns how many.

    Twice changes nothing more.
    """
    over = Hiding.objects.filter(side__in=BY_MEASURE, lifted_at=None, ends_at__lte=Now()).order_by("ends_at")
    return settle_each(over.values_list("comment__discussion", flat=True)[:MOST])


def _require_team(actor: User) -> None:
    if not (actor.is_team or actor.is_system):
        raise Forbidden(_("Only the team can hold a comment."))
