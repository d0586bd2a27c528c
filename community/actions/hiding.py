"""Hiding comments and showing them again (B2). Hidden means hidden everywhere: see community.projections."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from community.ending import lock
from community.entries import write_event
from community.errors import ByDecision
from community.models import Comment, Discussion, DiscussionEvent, Hiding
from community.posting import Way, require_may_post
from community.projections import project
from foundation import clock
from foundation.errors import Forbidden, Refused
from repositories.access import Access, require_see

NOT_CHOSEN = (Hiding.Category.WITHDRAWN, Hiding.Category.REVIEW, Hiding.Category.RULES)
CATEGORIES = tuple(one for one in Hiding.Category.values if one not in NOT_CHOSEN)
# Measures: they are lifted where they were taken.
BY_MEASURE = (Hiding.Side.HOLD, Hiding.Side.VERDICT)


@transaction.atomic
def hide(comment: Comment, *, category: str, actor: User) -> Hiding:
    """Hide `comment` from everybody; its words stay with the team, as evidence (B2, B5).

    The owner side gives one of CATEGORIES; whoever wrote it withdraws it. Hiding again on the same side changes
    nothing. Raises Forbidden for others, and for owners what a report or the team began; ByDecision for the team;
    Refused for an unknown category.
    """
    row = lock(comment.discussion)
    side = side_of(comment, row, actor, require_see(row.repository, actor))
    if side is None and actor.is_team:
        raise ByDecision
    if side is None:
        raise Forbidden(_("Only the owner and the team can hide comments; of your own, you can withdraw those here."))
    if side == Hiding.Side.AUTHOR:
        category = Hiding.Category.WITHDRAWN
    elif category not in CATEGORIES:
        raise Refused(_("Choose why this comment should be hidden."), code="invalid", status=400)
    standing = Hiding.objects.filter(comment=comment, side=side, lifted_at=None).first()
    if standing:
        return standing
    kept = Comment.objects.select_for_update().get(pk=comment.pk)
    hiding = Hiding.objects.create(comment=kept, side=side, category=category, actor=actor, created_at=clock.now())
    project(kept)
    data = {"category": category, "side": side}
    write_event(row, DiscussionEvent.Kind.HIDDEN, actor=actor, comment=kept, data=data)
    comment.refresh_from_db()
    return hiding


@transaction.atomic
def unhide(comment: Comment, *, actor: User) -> None:
    """Lift what this side did, and for the team what anybody did, but for a hold; it shows when nothing hides it.

    Raises Forbidden for who may not lift it: owners lift their own side's, authors only their own withdrawal. To show
    one's own words is to post again, whoever hid them: it raises what community.posting refuses with (F5).
    """
    row = lock(comment.discussion)
    found = require_see(row.repository, actor)
    sides = liftable(comment, row, actor, found)
    if comment.author_id == actor.pk and Hiding.Side.TEAM not in sides:
        require_may_post(actor, row.repository, Way.EDIT, discussion=row)
    rows = Hiding.objects.select_for_update().filter(comment=comment, lifted_at=None)
    if not rows.exists():
        return
    if not rows.filter(side__in=sides).update(lifted_at=clock.now(), lifted_by=actor):
        raise Forbidden(_("You cannot show this comment again: it was hidden by somebody else."))
    kept = Comment.objects.select_for_update().get(pk=comment.pk)
    project(kept)
    if not kept.hidden:
        data = {"side": _side_of_showing(comment, actor, sides)}
        write_event(row, DiscussionEvent.Kind.UNHIDDEN, actor=actor, comment=kept, data=data)
    comment.refresh_from_db()


def side_of(comment: Comment, discussion: Discussion, actor: User, found: Access) -> Hiding.Side | None:
    """On which side `actor` hides `comment`: None for somebody on none, and for the team, which decides.

    Where a report or the team began the discussion only somebody of the team withdraws an own comment.
    """
    if actor.is_system:
        return Hiding.Side.TEAM
    of_people = discussion.origin == Discussion.Origin.PERSON
    if of_people and found.edit:
        return Hiding.Side.OWNER
    own = comment.author_id == actor.pk
    return Hiding.Side.AUTHOR if own and (of_people or actor.is_team) else None


def liftable(comment: Comment, discussion: Discussion, actor: User, found: Access) -> list[str]:
    """The sides whose hiding `actor` lifts; none of BY_MEASURE."""
    if actor.is_team or actor.is_system:
        return [side for side in Hiding.Side.values if side not in BY_MEASURE]
    sides: list[str] = []
    if found.edit and discussion.origin == Discussion.Origin.PERSON:
        sides.append(Hiding.Side.OWNER)
    if comment.author_id == actor.pk:
        sides.append(Hiding.Side.AUTHOR)
    return sides


def _side_of_showing(comment: Comment, actor: User, sides: list[str]) -> str:
    """For which of `sides` somebody who has several shows `comment` again: an own one as its author."""
    if Hiding.Side.TEAM in sides:
        return Hiding.Side.TEAM
    return Hiding.Side.AUTHOR if comment.author_id == actor.pk else Hiding.Side.OWNER
