"""Reacting to a comment without words."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from community.models import Comment, Reaction
from community.posting import Way, require_may_post
from foundation import clock
from foundation.errors import Refused


@transaction.atomic
def react(comment: Comment, kind: str, *, actor: User) -> None:
    """React with one of Reaction.Kind; a second time changes nothing.

    Raises Refused for an unknown kind and a hidden comment, and what community.posting refuses with.
    """
    _require_known(kind)
    discussion = comment.discussion
    require_may_post(actor, discussion.repository, Way.REACTION, discussion=discussion)
    if Comment.objects.filter(pk=comment.pk, hidden=True).exists():
        raise Refused(_("This comment is hidden."), code="hidden")
    Reaction.objects.bulk_create(
        [Reaction(comment=comment, user=actor, kind=kind, created_at=clock.now())], ignore_conflicts=True
    )


@transaction.atomic
def take_back(comment: Comment, kind: str, *, actor: User) -> None:
    """Take an own reaction back: that is no posting, so nothing forbids it. Raises Refused for an unknown kind."""
    _require_known(kind)
    Reaction.objects.filter(comment=comment, user=actor, kind=kind).delete()


def _require_known(kind: str) -> None:
    if kind not in Reaction.Kind.values:
        raise Refused(_("There is no such reaction."), code="invalid", status=400)
