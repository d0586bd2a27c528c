"""Closing, reopening, locking, pinning, renaming discussions (B2, B3)."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from community.ending import lock
from community.entries import write_event
from community.errors import ByDecision
from community.models import Discussion, DiscussionEvent
from community.posting import Way, require_may_post
from foundation import clock
from foundation.errors import Forbidden, Refused
from repositories.access import Access, require_see
from repositories.models import Repository

MOST_PINNED = 3
Kind = DiscussionEvent.Kind
# What the event of closing says of a draft, so that reopening gives back what was closed.
CLOSED_DRAFT = {"from": Discussion.Status.DRAFT.value}


@transaction.atomic
def set_status(discussion: Discussion, status: str, *, actor: User) -> DiscussionEvent | None:
    """Close or reopen: the opener, whoever edits the repository, and the team; reports and the team's only the team.

    Returns the event; None when it stood so already. A draft that was closed is a draft again. Raises Forbidden for
    everybody else, ByDecision where the team would close what people began, what community.posting refuses with,
    Refused for what is merged, for ever, and for any other status than open and closed. That a draft is ready only its
    opener and whoever edits the repository say.
    """
    if status not in (Discussion.Status.OPEN, Discussion.Status.CLOSED):
        raise Refused(_("Say whether to close or to reopen this discussion."), code="invalid", status=400)
    row = lock(discussion)
    found = require_may_post(actor, row.repository, Way.STATUS, discussion=row)
    opens_draft = row.status == Discussion.Status.DRAFT and status == Discussion.Status.OPEN
    if not may_set_status(row, actor, found):
        raise Forbidden(_("Only its opener, the owner and the team can close or reopen this discussion."))
    if opens_draft and not (row.author_id == actor.pk or found.edit):
        raise Forbidden(_("Only its opener and the owner can say that this draft is ready."))
    if row.status_beneath:
        if status == Discussion.Status.CLOSED:
            return None
        raise Refused(_("Our team closed this discussion: nobody opens it again until that is lifted."), code="measure")
    if row.status == Discussion.Status.MERGED:
        raise Refused(_("This pull request is merged, and stays so."), code="merged")
    if status == Discussion.Status.CLOSED != row.status and decides(row, actor, found):
        raise ByDecision
    before, row.status = row.status, status
    if before == Discussion.Status.CLOSED and status == Discussion.Status.OPEN:
        row.status = _as_it_was(row)
    row.save(update_fields=["status"])
    discussion.status = row.status
    if before == status:
        return None
    if status == Discussion.Status.CLOSED:
        data = CLOSED_DRAFT if before == Discussion.Status.DRAFT else {}
        return write_event(row, Kind.CLOSED, actor=actor, data=data)
    return write_event(row, Kind.OPENED if opens_draft else Kind.REOPENED, actor=actor)


@transaction.atomic
def set_locked(discussion: Discussion, locked: bool, *, actor: User, reason: str = "") -> DiscussionEvent | None:
    """Lock or unlock a discussion (B3): only the owner side and the team write in a locked one, or only the team.

    `reason` is a Discussion.LockReason or "". Returns the event; None when nothing changed. Raises Forbidden unless
    `actor` is in the team or edits the repository, ByDecision where the team would lock what people began; owners can
    neither lock what a report or the team began nor unlock what the team locked. The owner's lock stands beside the
    team's, and holds again when the team unlocks.
    """
    if reason not in ("", *Discussion.LockReason.values):
        raise Refused(_("Choose one of the reasons."), code="invalid", status=400)
    row = lock(discussion)
    found = _seen(row, actor)
    if not may_lock(row, actor, found):
        raise Forbidden(_("Only the owner and the team can lock a discussion; what the team locked, only the team."))
    if locked and not row.locked_by_team and decides(row, actor, found):
        raise ByDecision
    as_owner = found.edit and row.origin == Discussion.Origin.PERSON and not row.locked_by_team
    by_team = actor.is_system or (actor.is_team and not as_owner)
    if row.locked_by_measure and not locked and not (row.locked_by_team if by_team else row.locked_by_owner):
        raise Refused(_("Our team locked this discussion by a decision: it is lifted there."), code="measure")
    if row.locked == locked and row.locked_by_team == (locked and by_team):
        return None
    # The team takes its own lock away before the owner's.
    if by_team and (locked or row.locked_by_team):
        row.locked_by_team = locked
    else:
        row.locked_by_owner, row.owner_lock_reason = locked, reason if locked else ""
    row.locked = row.locked_by_team or row.locked_by_owner or row.locked_by_measure
    row.lock_reason = reason if locked else row.owner_lock_reason
    row.save(update_fields=["locked", "locked_by_team", "lock_reason", "locked_by_owner", "owner_lock_reason"])
    return write_event(
        row, Kind.LOCKED if locked else Kind.UNLOCKED, actor=actor, data={"reason": reason} if reason and locked else {}
    )


@transaction.atomic
def set_pinned(discussion: Discussion, pinned: bool, *, actor: User) -> DiscussionEvent | None:
    """Keep a discussion at the top of the list, at most three in a repository; or no longer.

    Returns the event; None when it stood so already. Raises Forbidden unless `actor` edits the repository or is in
    the team, and of what a report or the team began only the team; Refused for a fourth.
    """
    Repository.objects.select_for_update(no_key=True).values_list("pk").get(pk=discussion.repository_id)
    row = lock(discussion)
    if not may_pin(row, actor, _seen(row, actor)):
        raise Forbidden(
            _("Only the owner and the team can pin a discussion; what the team or a report began, only the team.")
        )
    if (row.pinned_at is not None) == pinned:
        return None
    others = Discussion.objects.filter(repository=row.repository_id, pinned_at__isnull=False)
    if pinned and others.count() >= MOST_PINNED:
        words = _("At most %(most)s discussions can be pinned. Unpin one of them first.")
        raise Refused(words % {"most": MOST_PINNED}, code="too_many_pinned")
    row.pinned_at = clock.now() if pinned else None
    row.save(update_fields=["pinned_at"])
    return write_event(row, Kind.PINNED if pinned else Kind.UNPINNED, actor=actor, quiet=True)


@transaction.atomic
def rename(discussion: Discussion, title: str, *, actor: User, conceal: bool = False) -> DiscussionEvent | None:
    """Give a discussion another title; the timeline says from which, unless that is to `conceal` (B2).

    Concealing leaves every title before this one out of the timeline, for good: only the team can look them up.
    Returns the event; None for the same title. Raises Forbidden unless `actor` opened it, edits the repository or is
    in the team; of what a report or the team began, only the team; where whoever opened it conceals; and what
    community.posting refuses with.
    """
    row = lock(discussion)
    found = require_may_post(actor, row.repository, Way.RENAME, discussion=row)
    if not may_set_status(row, actor, found):
        raise Forbidden(_("Only its opener, the owner and the team can rename this discussion."))
    if conceal and not may_conceal(row, actor, found):
        raise Forbidden(
            _("Only the owner and the team leave titles out of the timeline; where you began it, only the team.")
        )
    if row.title == title:
        return None
    before, row.title = row.title, title
    row.save(update_fields=["title"])
    discussion.title = title
    if not conceal:
        return write_event(row, Kind.RENAMED, actor=actor, data={"from": before, "to": title})
    _conceal_titles(row)
    data = {"to": title, "concealed": True, DiscussionEvent.KEPT: {"from": before}}
    return write_event(row, Kind.RENAMED, actor=actor, data=data)


def may_set_status(discussion: Discussion, actor: User, found: Access) -> bool:
    """Whether `actor`, with this access to the repository, closes, reopens and renames; restrictions aside."""
    if actor.is_team or actor.is_system:
        return True
    if discussion.origin != Discussion.Origin.PERSON:
        return False
    return discussion.author_id == actor.pk or found.edit


def decides(discussion: Discussion, actor: User, found: Access) -> bool:
    """Whether `actor` closes and locks the discussion by a decision: the team does, where people began it (G1).

    Not what they opened themselves, nor in a repository that they edit.
    """
    if discussion.origin != Discussion.Origin.PERSON or not actor.is_team or actor.is_system:
        return False
    return not (found.edit or discussion.author_id == actor.pk)


def may_conceal(discussion: Discussion, actor: User, found: Access) -> bool:
    """Whether `actor`, with this access to the repository, leaves earlier titles out of the timeline."""
    if actor.is_team or actor.is_system:
        return True
    return found.edit and may_set_status(discussion, actor, found) and discussion.author_id != actor.pk


def may_lock(discussion: Discussion, actor: User, found: Access) -> bool:
    """Whether `actor`, with this access to the repository, locks the discussion, or unlocks it when it is locked."""
    if actor.is_team or actor.is_system:
        return True
    by_us = discussion.locked_by_team or discussion.locked_by_measure
    free = discussion.origin == Discussion.Origin.PERSON and not by_us
    return free and found.edit


def may_pin(discussion: Discussion, actor: User, found: Access) -> bool:
    """Whether `actor`, with this access to the repository, pins and unpins the discussion."""
    return actor.is_team or (found.edit and discussion.origin == Discussion.Origin.PERSON)


def _conceal_titles(row: Discussion) -> None:
    """Leave the titles out of every event that names one; they stay as evidence where only the team looks."""
    events = list(row.events.filter(kind=Kind.RENAMED))
    for event in events:
        titles = {name: event.data[name] for name in ("from", "to") if name in event.data}
        kept = {**event.data.get(DiscussionEvent.KEPT, {}), **titles}
        event.data = {"concealed": True, DiscussionEvent.KEPT: kept}
    DiscussionEvent.objects.bulk_update(events, ["data"], batch_size=500)


def _as_it_was(row: Discussion) -> str:
    """The status that the closed `row` had before."""
    closed = row.events.filter(kind=Kind.CLOSED).order_by("-position").values_list("data", flat=True).first() or {}
    return str(closed.get("from", Discussion.Status.OPEN.value))


def _seen(row: Discussion, actor: User) -> Access:
    return require_see(row.repository, actor)
