"""Discussions and comments as a viewer may see them."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, User
from community.models import Comment, Discussion
from foundation.errors import Refused
from repositories import git
from repositories.access import Access, Viewer, seen_by
from repositories.models import Repository
from repositories.projections import CARD

MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass(frozen=True)
class Sides:
    """Ids of the people on the owner side of a repository, and of those in the team."""

    owner: frozenset[int]
    team: frozenset[int]


def discussions_of(repository: Repository) -> QuerySet[Discussion]:
    """Newest first, with the number of comments as `size`, which is counted for the rows of one page only."""
    comments = Comment.objects.filter(discussion=OuterRef("pk")).order_by().values("discussion")
    rows = Discussion.objects.filter(repository=repository).select_related("author")
    return rows.annotate(size=Subquery(comments.annotate(size=Count("pk")).values("size"))).order_by("-number")


def find_discussion(repository: Repository, number: int) -> Discussion:
    """The discussion of this number, with repository and namespace. Raises Refused (404)."""
    rows = Discussion.objects.select_related("repository__namespace", "author", "pull_request__merged_by")
    discussion = rows.filter(repository=repository, number=number).first()
    if discussion is None:
        raise Refused(_("There is no discussion of this number."), code="not_found", status=404)
    return discussion


def comments_of(discussion: Discussion) -> QuerySet[Comment]:
    return discussion.comments.select_related("author").order_by("created_at", "id")


def comments_from(discussion: Discussion, public_id: UUID, page_size: int) -> QuerySet[Comment]:
    """The comments from this one on when it is not on the first page; otherwise, or when it is not there, all."""
    rows = comments_of(discussion)
    first = rows.filter(public_id=public_id).first()
    if first is None:
        return rows
    before = Q(created_at__lt=first.created_at) | Q(created_at=first.created_at, pk__lt=first.pk)
    return rows if rows.filter(before).count() < page_size else rows.exclude(before)


def sides(repository: Repository, people: set[int]) -> Sides:
    """Which of `people` (ids) stand on the owner side, and which in the team; at most two queries."""
    holder = repository.namespace
    members = Membership.objects.filter(organization=holder.organization_id, user__in=people)
    owner = members.values_list("user_id", flat=True) if holder.organization_id else people & {holder.user_id}
    team = User.objects.with_perm("cases.view_queue", backend=MODEL_BACKEND).filter(pk__in=people)
    return Sides(frozenset(owner), frozenset(team.values_list("pk", flat=True)))


@dataclass(frozen=True)
class Proposal:
    """What a pull request changes, and which of it main changed too since."""

    comparison: git.Comparison
    conflicts: tuple[str, ...]


def proposal_of(discussion: Discussion, found: Access) -> Proposal | None:
    """What a pull request proposes, for whoever may read it: of files that are closed to the viewer only the card."""
    repository, pull_request = discussion.repository, discussion.pull_request
    standing = discussion.status != Discussion.Status.MERGED
    base = git.merge_base(repository, repository.head, pull_request.head) if standing else pull_request.base
    comparison = git.diff(repository, base, pull_request.head)
    if not found.files and any(file.path != CARD for file in comparison.files):
        return None
    conflicts = git.try_merge(repository, repository.head, pull_request.head).conflicts if standing else []
    return Proposal(comparison, tuple(conflicts))


def find_comment(public_id: UUID, viewer: Viewer) -> Comment:
    """The comment with everything its address needs. Raises the same 404 whether it is missing or not to be seen."""
    rows = Comment.objects.select_related("author", "discussion__repository__namespace")
    seen = Repository.objects.filter(seen_by(viewer))
    comment = rows.filter(public_id=public_id, discussion__repository__in=seen).first()
    if comment is None:
        raise Refused(_("There is no such comment."), code="not_found", status=404)
    return comment
