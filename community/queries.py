"""Discussions and comments as a viewer may see them."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import BooleanField, Case, Exists, OuterRef, Q, QuerySet, When
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, Namespace, User
from community.ending import is_due, settle, settle_in
from community.errors import TabOff
from community.models import Block, Comment, Discussion, DiscussionEvent, PullRequest, TabSettings
from foundation.errors import Refused
from repositories.access import Access, Viewer, access, own_side, seen_by
from repositories.models import Repository, long_columns

MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass(frozen=True)
class Sides:
    """Ids of the people on the owner side of a repository, and of those in the team."""

    owner: frozenset[int]
    team: frozenset[int]


def discussions_of(repository: Repository, viewer: Viewer, found: Access) -> QuerySet[Discussion]:
    """Those that `viewer`, with this access, may read, newest first; where the tab is off, see `reads_all`.

    What ended in them is lifted before: one query.
    """
    settle_in(repository)
    rows = Discussion.objects.filter(repository=repository).select_related("author").order_by("-number")
    if tab_is_on(repository) or reads_all(viewer, found):
        return rows
    return rows.exclude(origin=Discussion.Origin.PERSON)


def proposals_of(repository: Repository, viewer: Viewer, found: Access) -> QuerySet[PullRequest]:
    """What the discussions that `viewer`, with this access, may read propose."""
    return PullRequest.objects.filter(discussion__in=discussions_of(repository, viewer, found).order_by())


def tab_settings(repository: Repository) -> TabSettings:
    """What the owner chose, or what holds until they choose; at most one query, kept where there is a row."""
    try:
        return repository.tab_settings
    except TabSettings.DoesNotExist:
        return TabSettings(repository=repository)


def tab_is_on(repository: Repository) -> bool:
    """Whether the owner left the community tab on; at most one query. Without a choice it is."""
    chosen: TabSettings | None = getattr(repository, "tab_settings", None)
    return chosen is None or chosen.on


def reads_all(viewer: Viewer, found: Access) -> bool:
    """Whether a tab that is off is open to `viewer`: to the owner side and the team.

    What a report or the team began stays open to everybody: no owner's choice hides it.
    """
    return found.owner_side or (isinstance(viewer, User) and (viewer.is_team or viewer.is_system))


def find_discussion(repository: Repository, number: int, viewer: Viewer) -> Discussion:
    """The discussion of this number, with repository and namespace. Raises Refused (404).

    Whether `viewer` sees the repository is the caller's question; the tab that is off is asked about here.
    """
    rows = _discussions().select_related("pull_request__merged_by")
    discussion = _settled(rows.filter(repository=repository, number=number))
    if discussion is None:
        raise Refused(_("There is no discussion of this number."), code="not_found", status=404)
    _require_tab(discussion, viewer)
    return discussion


def find_discussion_by_id(public_id: UUID, viewer: Viewer) -> Discussion:
    """The same by its id, also asking whether `viewer` sees the repository: one 404 for missing and hidden (A2)."""
    discussion = _settled(_discussions().filter(public_id=public_id))
    if not _sees(viewer, discussion.repository if discussion else None) or discussion is None:
        raise Refused(_("There is no such discussion."), code="not_found", status=404)
    _require_tab(discussion, viewer)
    return discussion


def _settled(rows: QuerySet[Discussion]) -> Discussion | None:
    """The one of `rows`, as it is after what ended in it."""
    found = rows.first()
    if found is None or not is_due(found):
        return found
    settle(found)
    return rows.first()


def _discussions() -> QuerySet[Discussion]:
    # No more tables than needed: planning the joins takes the database longer than doing them.
    rows = Discussion.objects.select_related(
        "repository__namespace", "repository__tab_settings", "author", "pull_request"
    )
    return rows.defer(*long_columns("repository"))


def _sees(viewer: Viewer, repository: Repository | None) -> bool:
    """Whether it is there and `viewer` sees it; where it is public no query, else one, also for none at all (A2)."""
    if repository and repository.is_public:
        return True
    return Repository.objects.filter(seen_by(viewer), pk=repository.pk if repository else 0).exists()


def _require_tab(discussion: Discussion, viewer: Viewer) -> None:
    """Raise TabOff (404) where the owner turned the tab off and `viewer` is not one who reads on (see `reads_all`)."""
    if not may_read(discussion, viewer):
        raise TabOff(discussion.repository, status=404)


def may_read(discussion: Discussion, viewer: Viewer) -> bool:
    """Whether the tab lets `viewer`, who sees the repository, read this discussion; no query where settings are loaded.

    Where the owner turned the tab off up to six queries more.
    """
    repository = discussion.repository
    if discussion.origin != Discussion.Origin.PERSON or tab_is_on(repository):
        return True
    return reads_all(viewer, access(repository, viewer))


def comments_of(discussion: Discussion) -> QuerySet[Comment]:
    """All of a discussion, oldest first."""
    return discussion.comments.select_related("author").order_by("position")


def comments_seen_by(viewer: Viewer) -> QuerySet[Comment]:
    """Comments wherever `viewer` may read, with the place where each stands; also hidden ones, which show no text.

    Where a tab is off, see `reads_all`; no query for anonymous people, else at most those for the role of `viewer`.
    """
    seen = Exists(Repository.objects.filter(seen_by(viewer), pk=OuterRef("discussion__repository")))
    # Asked of one comment after the other, in their order: a join would begin with every repository.
    rows = Comment.objects.filter(Case(When(seen, then=True), default=False, output_field=BooleanField()))
    rows = rows.select_related("author", "discussion__repository__namespace")
    rows = rows.defer(*long_columns("discussion__repository"))
    if isinstance(viewer, User) and (viewer.is_team or viewer.is_system):
        return rows
    off = TabSettings.objects.filter(repository=OuterRef("discussion__repository"), on=False)
    readable = ~Q(discussion__origin=Discussion.Origin.PERSON) | Q(~Exists(off))
    if isinstance(viewer, User):
        readable |= Q(discussion__repository__namespace__in=own_side(viewer))
    return rows.filter(readable)


def events_of(discussion: Discussion) -> QuerySet[DiscussionEvent]:
    """All of a discussion, oldest first, with whose comment they concern."""
    return discussion.events.select_related("actor", "comment").order_by("position")


def sides(repository: Repository, people: set[int]) -> Sides:
    """Which of `people` (ids) stand on the owner side, and which in the team; at most two queries."""
    holder = repository.namespace
    members = Membership.objects.filter(organization=holder.organization_id, user__in=people)
    owner = members.values_list("user_id", flat=True) if holder.organization_id else people & {holder.user_id}
    team = User.objects.with_perm("cases.view_queue", backend=MODEL_BACKEND).filter(pk__in=people)
    return Sides(frozenset(owner), frozenset(team.values_list("pk", flat=True)))


def find_comment_in(discussion: Discussion, public_id: UUID) -> Comment:
    """A comment of a discussion that the caller found for the viewer. Raises Refused (404)."""
    comment = comments_of(discussion).filter(public_id=public_id).first()
    if comment is None:
        raise Refused(_("There is no such comment."), code="not_found", status=404)
    return comment


def find_comment(public_id: UUID, viewer: Viewer) -> Comment:
    """The comment with everything its address needs. Raises the same 404 whether it is missing or not to be seen."""
    rows = Comment.objects.select_related(
        "author", "discussion__repository__namespace", "discussion__repository__tab_settings"
    )
    rows = rows.defer(*long_columns("discussion__repository")).filter(public_id=public_id)
    comment = rows.first()
    if comment is not None and is_due(comment.discussion):
        settle(comment.discussion)
        comment = rows.first()
    if not _sees(viewer, comment.discussion.repository if comment else None) or comment is None:
        raise Refused(_("There is no such comment."), code="not_found", status=404)
    _require_tab(comment.discussion, viewer)
    return comment


def blocks_of(namespace: Namespace) -> QuerySet[Block]:
    """Whom `namespace` blocked from its community tabs, the last one first; for its owner side only."""
    return Block.objects.filter(namespace=namespace).select_related("user", "actor").order_by("-pk")
