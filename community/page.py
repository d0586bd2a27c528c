"""What the page of a discussion shows a viewer: entries as they may read them, and what they may do (B1, B2)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices
from django.http import QueryDict
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from accounts.models import User
from community.actions import decides, may_conceal, may_lock, may_pin, may_set_status
from community.actions.hiding import CATEGORIES, liftable, side_of
from community.mentions import addresses
from community.models import Comment, Discussion, DiscussionEvent, Hiding, Mention
from community.posting import Way, locked_words, refusal
from community.queries import sides, tab_is_on
from community.reactions import ShownReaction, picker, reactions_of
from community.subscribing import subscription_of
from community.timeline import timeline
from community.wording import ICONS, hidden_words, sentence
from repositories.access import Access, Viewer

# Of several hidings that stand, the one that is told.
FIRST_TOLD = (Hiding.Side.VERDICT, Hiding.Side.TEAM, Hiding.Side.HOLD, Hiding.Side.OWNER, Hiding.Side.AUTHOR)


@dataclass(frozen=True)
class ShownComment:
    """A comment for one viewer; `hides_as` is the side on which they could hide it, "" on none."""

    comment: Comment
    path: str
    names: Mapping[str, str]
    reactions: list[ShownReaction]
    hidden_words: str
    may_edit: bool
    may_show: bool
    hides_as: str


@dataclass(frozen=True)
class ShownEvent:
    """An event in a sentence."""

    event: DiscussionEvent
    icon: str
    words: SafeString


@dataclass(frozen=True)
class Reader:
    """A viewer of one discussion, with their access; `posts`: whether nothing keeps them from posting here now."""

    viewer: Viewer
    discussion: Discussion
    found: Access
    posts: bool

    @property
    def person(self) -> User | None:
        return self.viewer if isinstance(self.viewer, User) else None


def context_of(discussion: Discussion, viewer: Viewer, found: Access, query: QueryDict) -> dict[str, Any]:
    """What the templates of a discussion need; how many queries it takes does not depend on its length.

    Raises Refused (400) for a page that is none.
    """
    shown = timeline(discussion, query)
    person = viewer if isinstance(viewer, User) else None
    refused = person and refusal(person, discussion.repository, Way.STATUS, discussion=discussion, found=found)
    reader = Reader(viewer, discussion, found, posts=person is not None and refused is None)
    return {
        "tab": "community",
        "discussion": discussion,
        "tab_is_on": tab_is_on(discussion.repository),
        "timeline": shown,
        "entries": entries_of(shown.entries, reader),
        "sides": sides(discussion.repository, {comment.author_id for comment in shown.comments}),
        "subscription": subscription_of(person, discussion) if person else None,
        "refusal": refused,
        "locked_words": locked_words(discussion) if discussion.locked else "",
        "lock_options": _options(Discussion.LockReason, Discussion.LockReason.values),
        "picker": picker(),
        "hiding_options": _options(Hiding.Category, CATEGORIES),
        **_rights(reader),
    }


def entries_of(
    entries: Sequence[Comment | DiscussionEvent], reader: Reader, *, touched: str = ""
) -> list[ShownComment | ShownEvent]:
    """Each entry as the reader sees it; three queries for all of them. `touched` as in `reactions_of`."""
    comments = [one for one in entries if isinstance(one, Comment)]
    reactions, names = reactions_of(comments, reader.viewer, touched=touched), _names(comments)
    hidings = _hidings([one for one in comments if one.hidden])
    path = reader.discussion.get_absolute_url()

    def show(entry: Comment | DiscussionEvent) -> ShownComment | ShownEvent:
        if isinstance(entry, DiscussionEvent):
            return ShownEvent(entry, ICONS[DiscussionEvent.Kind(entry.kind)], sentence(entry))
        standing = hidings[entry.pk]
        return ShownComment(
            comment=entry,
            path=f"{path}/comments/{entry.public_id}",
            names=names[entry.pk],
            reactions=reactions[entry.pk],
            hidden_words=_told(standing) if entry.hidden else "",
            **_may(entry, reader, standing),
        )

    return [show(entry) for entry in entries]


def _rights(reader: Reader) -> dict[str, bool]:
    person, discussion, found = reader.person, reader.discussion, reader.found
    standing = discussion.status in (Discussion.Status.OPEN, Discussion.Status.DRAFT)
    return {
        "may_post": reader.posts,
        "may_comment": reader.posts and discussion.status != Discussion.Status.CLOSED,
        "may_set_status": person is not None and reader.posts and may_set_status(discussion, person, found),
        "may_conceal": person is not None and may_conceal(discussion, person, found),
        "may_lock": person is not None and may_lock(discussion, person, found),
        "may_pin": person is not None and may_pin(discussion, person, found),
        "is_standing": standing,
        "decides": person is not None and decides(discussion, person, found),
    }


def _may(comment: Comment, reader: Reader, standing: list[Hiding]) -> dict[str, Any]:
    person, discussion, found = reader.person, reader.discussion, reader.found
    if person is None:
        return {"may_edit": False, "may_show": False, "hides_as": ""}
    if comment.hidden:
        sides_of_viewer = liftable(comment, discussion, person, found)
        return {"may_edit": False, "may_show": any(one.side in sides_of_viewer for one in standing), "hides_as": ""}
    return {
        "may_edit": reader.posts and comment.author_id == person.pk,
        "may_show": False,
        "hides_as": side_of(comment, discussion, person, found) or "",
    }


def _names(comments: list[Comment]) -> dict[int, dict[str, str]]:
    called: dict[int, list[User]] = defaultdict(list)
    for mention in Mention.objects.filter(comment__in=comments).select_related("user"):
        called[mention.comment_id].append(mention.user)
    return {comment.pk: addresses(called[comment.pk]) for comment in comments}


def _hidings(hidden: list[Comment]) -> dict[int, list[Hiding]]:
    standing: dict[int, list[Hiding]] = defaultdict(list)
    for hiding in Hiding.objects.filter(comment__in=hidden, lifted_at=None):
        standing[hiding.comment_id].append(hiding)
    return standing


def _options(choices: type[TextChoices], codes: Iterable[str]) -> SafeString:
    """Options of a select, made once for a page."""
    return format_html_join("", '<option value="{}">{}</option>', ((code, choices(code).label) for code in codes))


def _told(standing: list[Hiding]) -> str:
    # None where it was lifted after the comments were read.
    first = min(standing, key=lambda one: FIRST_TOLD.index(Hiding.Side(one.side)), default=None)
    return hidden_words(first)
