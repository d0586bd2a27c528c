"""Who may post where in community tabs: the one permission that every way in asks (F5).

| state                                        | refused to                                    | code               |
|----------------------------------------------|-----------------------------------------------|--------------------|
| private, deleted                             | whoever does not see it: as if it were missing | not_found          |
| account closed                               | that person                                   | deactivated        |
| posting restricted by the team               | that person, until it ends                    | posting_restricted |
| blocked by the owner                         | that person, in all of the owner's tabs       | blocked            |
| tab off                                      | everybody                                     | tab_off            |
| new accounts limited                         | young accounts of strangers                   | newcomer           |
| locked                                       | all but the owner side; by the team: all but it | locked           |
| disabled                                     | strangers who propose changes to its files    | disabled           |
| closed, but not merged                       | whoever comments                              | closed             |
| too much in a short time                     | that person, until the window has passed      | rate_limited       |

What the owner chose (blocked, tab off, new accounts) does not count where a report or the team began the discussion:
no owner decides who is heard there. Nobody on the owner side is blocked.

The system actor may always; the team is held up by its own restrictions, by nothing that owners choose and by no
limit of rate. Reports, appeals and commits to one's own repository are not posting.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.posting import PostingRefused, standing_restriction
from community.errors import TabOff
from community.models import Block, Discussion, TabSettings
from community.rate import at, hold, rate_of
from foundation import changes, clock
from foundation.errors import Forbidden, Refused
from repositories.access import Access, access, not_found
from repositories.models import Repository


class Way(StrEnum):
    """Everything that counts as posting."""

    DISCUSSION = "discussion"
    COMMENT = "comment"
    EDIT = "edit"
    PULL_REQUEST = "pull_request"
    COMMIT = "commit"  # to a pull request
    MERGE = "merge"
    STATUS = "status"
    RENAME = "rename"
    REACTION = "reaction"


PROPOSING = (Way.PULL_REQUEST, Way.COMMIT)
# What ends when a discussion is closed; a status can be changed back, and a reaction says nothing new.
ONLY_WHILE_OPEN = (Way.COMMENT,)


@dataclass(frozen=True)
class Place:
    """Where somebody wants to post: a repository's tab, or one discussion in it; `found` is the access to it."""

    repository: Repository
    discussion: Discussion | None
    found: Access

    @property
    def is_free(self) -> bool:
        """Whether what the owner chose does not count: the team or a report began the discussion (B2)."""
        return self.discussion is not None and self.discussion.origin != Discussion.Origin.PERSON


def refusal(
    actor: User, repository: Repository, way: Way, *, discussion: Discussion | None = None, found: Access | None = None
) -> Refused | None:
    """Why `actor` may not post there in this way now, by the database's clock; None when they may. At most 9 queries.

    `found` is the actor's access to the repository where the caller asked for it already. Nothing is written.
    """
    place = Place(repository, discussion, found or access(repository, actor))
    return _refusal(actor, place, way) or rate_of(actor).refused


def require_may_post(actor: User, repository: Repository, way: Way, *, discussion: Discussion | None = None) -> Access:
    """Raise what `refusal` says; returns the actor's access to the repository. Ask inside the post's transaction.

    With the post that uses up a new account's limit the rooms above are told: what comes next will be refused, and
    somebody should look at what was taken.
    """
    place = Place(repository, discussion, access(repository, actor))
    if refused := _refusal(actor, place, way):
        raise refused
    hold(actor)
    rate = rate_of(actor)
    if rate.refused:
        raise rate.refused
    if rate.last:
        changes.tell("throttle.reached", actor.pk, actor_id=actor.pk)
    return place.found


def _refusal(actor: User, place: Place, way: Way) -> Refused | None:
    """The table above but for its last row."""
    if not place.found.see:
        return not_found()
    if actor.is_system:
        return None
    if not actor.is_active:
        return Forbidden(_("Your account is closed."), code="deactivated")
    if restriction := standing_restriction(actor):
        return PostingRefused(restriction)
    # Whether somebody is in the team takes two queries: asked last, where something depends on it.
    if (chosen := _by_the_owner(actor, place)) and not actor.is_team:
        return chosen
    return _by_the_discussion(actor, place, way)


def _by_the_owner(actor: User, place: Place) -> Refused | None:
    if place.is_free:
        return None
    blocks = Block.objects.filter(namespace=place.repository.namespace_id, user=actor)
    if not place.found.owner_side and blocks.exists():
        name = place.repository.namespace.name
        return Forbidden(
            _("%(name)s blocked you: you cannot post in these repositories.") % {"name": name}, code="blocked"
        )
    chosen = TabSettings.objects.filter(repository=place.repository).first()
    if chosen is None:
        return None
    if not chosen.on:
        return TabOff(place.repository)
    since = clock.now() - timedelta(days=chosen.newcomers)
    if chosen.newcomers and not place.found.owner_side and actor.date_joined > since:
        opens = actor.date_joined + timedelta(days=chosen.newcomers)
        words = _("The owner lets new accounts post here after some days. You can post here %(when)s.")
        return Forbidden(words % {"when": at(opens)}, code="newcomer")
    return None


def _by_the_discussion(actor: User, place: Place, way: Way) -> Refused | None:
    row = place.discussion
    if place.found.disabled and way in PROPOSING and not place.found.edit:
        words = _("Access to this repository is disabled: changes to its files cannot be proposed now.")
        return Forbidden(words, code="disabled")
    if row is None:
        return None
    by_us = row.locked_by_team or row.locked_by_measure
    if row.locked and (by_us or not place.found.edit) and not actor.is_team:
        return Forbidden(locked_words(row), code="locked")
    if way in ONLY_WHILE_OPEN and row.status_beneath:
        return Refused(_("Our team closed this discussion: nobody writes in it until that is lifted."), code="closed")
    if way in ONLY_WHILE_OPEN and row.status == Discussion.Status.CLOSED:
        return Refused(_("This discussion is closed. Open a new one if something is left to say."), code="closed")
    return None


def locked_words(row: Discussion) -> str:
    """That a discussion is locked, by whom and why."""
    words = (
        _("This discussion is locked: the team ended it.")
        if row.locked_by_team or row.locked_by_measure
        else _("This discussion is locked: the owner ended it.")
    )
    if not row.lock_reason:
        return words
    reason = _("Reason: %(reason)s.") % {"reason": row.get_lock_reason_display()}
    return f"{words} {reason}"
