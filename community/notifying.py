"""Telling people what was posted: from changes to rows in their inboxes (B2, A2; architecture, ideas 2 and 3).

Nobody is told who muted the discussion or its repository, who posted it, whose account is closed, or who does not see
the repository now. Of several reasons the most personal is kept.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q

from accounts.models import SYSTEM, User
from accounts.queries import people_told_about
from community.digests import Rhythm, ensure_digests
from community.models import Block, Comment, Discussion, DiscussionEvent, Mention, Notification, Reason
from community.queries import tab_is_on
from community.subscribing import mutes, subscribe_all, watchers_of
from foundation.models import Change
from foundation.work import work_off
from repositories.access import people_of, people_who_see

KINDS = ("comment.posted", "event.posted")
# From the least personal reason to the most.
REASONS = (Reason.REPOSITORY, Reason.OWNER, Reason.CHOSEN, Reason.COMMENTED, Reason.OPENED, Reason.MENTIONED)
# Of what else happens the timeline tells whoever reads it; what the team does comes with a comment of the team.
WORTH_HEARING = (
    DiscussionEvent.Kind.CLOSED,
    DiscussionEvent.Kind.REOPENED,
    DiscussionEvent.Kind.OPENED,
    DiscussionEvent.Kind.MERGED,
)
# What concerns only whoever wrote the comment that it is about.
WORTH_HEARING_FOR_ITS_AUTHOR = (DiscussionEvent.Kind.HIDDEN, DiscussionEvent.Kind.UNHIDDEN)
# Rows in one statement: many thousands hear of one comment.
BATCH = 2_000
Reasons = dict[int, Reason]


@dataclass(frozen=True)
class News:
    """What was posted, by whom (an id), and for which reasons people would hear of it, by their ids."""

    discussion: Discussion
    actor: int
    reasons: Reasons
    comment: Comment | None = None
    event: DiscussionEvent | None = None


def notify() -> int:
    """Tell of every comment and event whose change waits; returns how many changes were worked off."""
    return work_off(Change.objects.filter(kind__in=KINDS), _tell_of, limit=5)


def _tell_of(change: Change) -> None:
    news = _news_of_comment(change) if change.kind == "comment.posted" else _news_of_event(change)
    if news is not None and news.reasons:
        _tell(news)


def _news_of_comment(change: Change) -> News | None:
    """Nothing of a comment that is hidden by now; of an edited one only those hear whom its new words call."""
    rows = Comment.objects.select_related("discussion__repository__namespace", "discussion__repository__tab_settings")
    comment = rows.get(pk=change.object_id)
    if comment.hidden:
        return None
    discussion = comment.discussion
    reasons = _mentioned(comment)
    if not _is_edit(change, comment):
        watching, owners = _watching(discussion), people_told_about(discussion.repository.namespace)
        reasons = _most_personal(watching, ((one.pk, Reason.OWNER) for one in owners), reasons.items())
    return News(discussion, comment.author_id, reasons, comment=comment)


def _news_of_event(change: Change) -> News | None:
    """Those hear who watch the discussion; that a pull request is ready, the owner side too; of hiding, the author."""
    rows = DiscussionEvent.objects.select_related(
        "discussion__repository__namespace", "discussion__repository__tab_settings", "comment"
    )
    event = rows.get(pk=change.object_id)
    if event.comment is not None and event.kind in WORTH_HEARING_FOR_ITS_AUTHOR:
        return News(event.discussion, event.actor_id, {event.comment.author_id: Reason.COMMENTED}, event=event)
    if event.kind not in WORTH_HEARING:
        return None
    ready = event.kind == DiscussionEvent.Kind.OPENED
    owners = people_told_about(event.discussion.repository.namespace) if ready else []
    reasons = _most_personal(_watching(event.discussion), ((one.pk, Reason.OWNER) for one in owners))
    return News(event.discussion, event.actor_id, reasons, event=event)


def _is_edit(change: Change, comment: Comment) -> bool:
    """Whether `change` tells of an edit: the posting may be told of after the comment was edited, too."""
    if comment.edited_at is None:
        return False
    return bool(comment.versions.filter(number=2, created_at__lte=change.created_at).exists())


def _mentioned(comment: Comment) -> Reasons:
    """Whom the comment calls, without those who blocked its author."""
    blocked = Block.objects.filter(namespace__user=OuterRef("user"), user=comment.author_id)
    called = Mention.objects.filter(~Exists(blocked), comment=comment).values_list("user_id", flat=True)
    return dict.fromkeys(called, Reason.MENTIONED)


def _watching(discussion: Discussion) -> list[tuple[int, Reason]]:
    rows = watchers_of(discussion).values_list("user_id", "discussion_id", "reason")
    return [(user, Reason(reason) if of_one else Reason.REPOSITORY) for user, of_one, reason in rows]


def _most_personal(*parts: Iterable[tuple[int, Reason]]) -> Reasons:
    found = [one for part in parts for one in part]
    return dict(sorted(found, key=lambda one: REASONS.index(one[1])))


def _tell(news: News) -> None:
    """Write a notification for everybody who should hear of it, once, and see to their mails."""
    discussion = news.discussion
    muted = mutes(user=OuterRef("pk"), discussion=discussion.pk, repository=discussion.repository_id)
    people = User.objects.filter(_readers(discussion), ~muted, pk__in=news.reasons, is_active=True)
    people = people.exclude(Q(pk=news.actor) | Q(username=SYSTEM)).order_by("pk")
    told = list(people.annotate(rhythm=F("mail_choice__rhythm")).only("email", "time_zone", "username"))
    called = [one.pk for one in told if news.reasons[one.pk] == Reason.MENTIONED]
    if called:
        subscribe_all(called, discussion, Reason.MENTIONED)
    # In one order everywhere: two workers that tell the same people must not wait for each other.
    rows = [_row(news, one) for one in told]
    Notification.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
    ensure_digests({one: Rhythm(one.rhythm or Rhythm.DAILY) for one in told if one.email})


def _row(news: News, person: User) -> Notification:
    return Notification(
        recipient=person,
        discussion=news.discussion,
        comment=news.comment,
        event=news.event,
        reason=news.reasons[person.pk],
    )


def _readers(discussion: Discussion) -> Q:
    """Who may read `discussion`, as a condition on people (A2); where the tab is off, the owner side."""
    repository = discussion.repository
    if discussion.origin == Discussion.Origin.PERSON and not tab_is_on(repository):
        return people_who_see(repository) & people_of(repository.namespace)
    return people_who_see(repository)
