"""Discussions and their timelines, for programs (K1, B1)."""

from typing import Any
from uuid import UUID

from django.db import transaction
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import SignedIn
from accounts.models import User
from community import actions
from community.api.base import ADDRESS, KEY, TabEndpoint, find_repository
from community.api.entries import shown
from community.api.inputs import DiscussionChange, DiscussionFilters, DiscussionInput
from community.api.shapes import DiscussionOutput, PostingError, TimelineOutput
from community.models import Discussion
from community.pull_requests import open_draft
from community.queries import discussions_of, find_discussion, find_discussion_by_id
from community.timeline import timeline
from foundation.api import ErrorOutput, KeysetPagination, checked, idempotency_key
from repositories.access import require_see
from repositories.models import long_columns

FROM = OpenApiParameter("from", int, description="A position: the page that holds it.")
COMMENT = OpenApiParameter("comment", UUID, description="The id of a comment: the page that holds it.")
QUESTION = {"title": "How do I load this?", "text": "It does not load:\n\n```\nKeyError: 'model'\n```"}


class Discussions(TabEndpoint):
    pagination_class = KeysetPagination
    order = ("-number",)

    @extend_schema(
        summary="The discussions of a repository",
        parameters=[DiscussionFilters],
        responses={200: DiscussionOutput(many=True), 404: ErrorOutput},
    )
    def get(self, request: Request, **place: Any) -> Response:
        """Discussions and pull requests, newest first. Name the repository by its id or by its address."""
        repository = find_repository(request.user, **place)
        rows = discussions_of(repository, request.user, require_see(repository, request.user))
        narrowed = DiscussionFilters.narrow(rows, request.query_params)
        return self.page_of(
            narrowed.select_related("author", "repository__namespace", "pull_request").defer(
                *long_columns("repository")
            ),
            DiscussionOutput,
        )

    @extend_schema(
        summary="Open a discussion",
        parameters=[KEY],
        request=DiscussionInput,
        responses={
            201: DiscussionOutput,
            200: DiscussionOutput,
            403: PostingError,
            404: ErrorOutput,
            429: PostingError,
        },
        examples=[OpenApiExample("A question", value=QUESTION, request_only=True)],
    )
    def post(self, request: SignedIn, **place: Any) -> Response:
        """Open the repository's next discussion with `text` as its first comment.

        The same request sent again is answered 200 with the discussion it opened; other words under the same key are
        another discussion. 403 says why you cannot post here (`posting_restricted`, `deactivated`, `blocked`,
        `tab_off`, `newcomer`), 429 (`rate_limited`) when you can again.
        """
        asked = checked(DiscussionInput, request.data)
        repository = find_repository(request.user, **place)
        key = idempotency_key(request, asked.pop("request_id", None), request.user.public_id)
        known = Discussion.objects.filter(request_id=key).first() if key else None
        opened = actions.open_discussion(repository, actor=request.user, request_id=key, **asked)
        code = status.HTTP_200_OK if opened == known else status.HTTP_201_CREATED
        return _answer(find_discussion_by_id(opened.public_id, request.user), request, code)


@extend_schema_view(
    get=extend_schema(operation_id="discussions_at_address_list", parameters=ADDRESS),
    post=extend_schema(operation_id="discussions_at_address_create", parameters=ADDRESS),
)
class DiscussionsAtAddress(Discussions):
    """The same for whoever knows where the repository lies, and not its id."""


class OneDiscussion(TabEndpoint):
    @extend_schema(summary="A discussion", responses={200: DiscussionOutput, 404: ErrorOutput})
    def get(self, request: Request, discussion_id: UUID) -> Response:
        """A discussion or pull request without its comments: see its timeline."""
        return _answer(find_discussion_by_id(discussion_id, request.user), request)

    @extend_schema(
        summary="Change a discussion",
        request=DiscussionChange,
        responses={200: DiscussionOutput, 403: PostingError, 404: ErrorOutput, 409: ErrorOutput, 429: PostingError},
        examples=[
            OpenApiExample("Close", value={"status": "closed"}, request_only=True),
            OpenApiExample("Lock", value={"locked": True, "lock_reason": "heated"}, request_only=True),
        ],
    )
    def patch(self, request: SignedIn, discussion_id: UUID) -> Response:
        """Rename, close or reopen, lock or unlock, pin or unpin: everything you send, or nothing when one is refused.

        Its opener renames, closes and reopens; whoever edits the repository also locks and pins. The team renames,
        reopens, unlocks and pins; it closes and locks what people began by a decision with reasons
        (`POST /api/v1/cases/on-the-spot`; 403, `by_decision`). What a report or the team began only the team closes,
        locks and renames. 409 for a merged pull request, and for a fourth pinned discussion.
        """
        asked = checked(DiscussionChange, request.data)
        _change(find_discussion_by_id(discussion_id, request.user), asked, request.user)
        return _answer(find_discussion_by_id(discussion_id, request.user), request)


@transaction.atomic
def _change(discussion: Discussion, asked: dict[str, Any], actor: User) -> None:
    # Pinning first: it locks the repository before the discussion, as merging does.
    if "pinned" in asked:
        actions.set_pinned(discussion, asked["pinned"], actor=actor)
    if "title" in asked:
        actions.rename(discussion, asked["title"], actor=actor, conceal=asked.get("conceal", False))
    if asked.get("status") == Discussion.Status.OPEN and discussion.status == Discussion.Status.DRAFT:
        open_draft(discussion, actor=actor)
    elif "status" in asked:
        actions.set_status(discussion, asked["status"], actor=actor)
    if "locked" in asked:
        actions.set_locked(discussion, asked["locked"], actor=actor, reason=asked.get("lock_reason", ""))


class NumberedDiscussion(TabEndpoint):
    @extend_schema(
        summary="A discussion by its number",
        parameters=ADDRESS,
        responses={200: DiscussionOutput, 404: ErrorOutput},
    )
    def get(self, request: Request, number: int, **place: Any) -> Response:
        """The discussion that has this number in the repository; everything else asks for its id."""
        repository = find_repository(request.user, **place)
        return _answer(find_discussion(repository, number, request.user), request)


class DiscussionTimeline(TabEndpoint):
    @extend_schema(
        summary="The timeline of a discussion",
        parameters=[FROM, COMMENT],
        responses={200: TimelineOutput, 400: ErrorOutput, 404: ErrorOutput},
    )
    def get(self, request: Request, discussion_id: UUID) -> Response:
        """Comments and events in the order in which they happened, by pages of 100 positions.

        Follow `next` until it is null. A comment keeps its page. The text of a hidden comment is nowhere, nor are
        passages that quote it.
        """
        discussion = find_discussion_by_id(discussion_id, request.user)
        page = timeline(discussion, request.query_params)
        following, before = (
            request.build_absolute_uri(f"?{query}") if query else None for query in (page.next, page.previous)
        )
        return Response({"next": following, "previous": before, "results": shown(page.entries, discussion, request)})


def _answer(discussion: Discussion, request: Request, code: int = status.HTTP_200_OK) -> Response:
    return Response(DiscussionOutput(discussion, context={"request": request}).data, status=code)
