"""Comments and reactions, for programs (K1, B1, B2)."""

from uuid import UUID

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import SignedIn
from community import actions
from community.api.base import KEY, TabEndpoint
from community.api.entries import shown_comment, shown_new
from community.api.inputs import CommentChange, CommentInput, HidingInput
from community.api.shapes import CommentOutput, PostingError
from community.models import Comment, Reaction
from community.queries import find_comment, find_discussion_by_id
from foundation.api import ErrorOutput, checked, idempotency_key

KIND = OpenApiParameter("kind", str, OpenApiParameter.PATH, enum=Reaction.Kind.values)
DONE = OpenApiResponse(description="Done, now or before.")


class Comments(TabEndpoint):
    @extend_schema(
        summary="Comment in a discussion",
        parameters=[KEY],
        request=CommentInput,
        responses={
            201: CommentOutput, 200: CommentOutput, 403: PostingError, 404: ErrorOutput, 409: ErrorOutput,
            429: PostingError,
        },
        examples=[OpenApiExample("An answer", value={"text": "Use `revision=\"main\"`."}, request_only=True)],
    )  # fmt: skip
    def post(self, request: SignedIn, discussion_id: UUID) -> Response:
        """Add a comment at the end.

        The same request sent again is answered 200 with the comment it made; other words under the same key are
        another comment. 403 says why you cannot post here (`posting_restricted`, `deactivated`, `blocked`, `tab_off`,
        `newcomer`, `locked`), 409 that the discussion is `closed`, 429 (`rate_limited`) when you can post again.
        """
        asked = checked(CommentInput, request.data)
        discussion = find_discussion_by_id(discussion_id, request.user)
        key = idempotency_key(request, asked.get("request_id"), request.user.public_id)
        known = Comment.objects.filter(request_id=key).first() if key else None
        text = asked["text"]
        made = actions.add_comment(discussion, text=text, actor=request.user, request_id=key)
        made.discussion = discussion  # with what its address needs
        if made == known:
            return Response(shown_comment(find_comment(made.public_id, request.user), request))
        return Response(shown_new(made, request), status=status.HTTP_201_CREATED)


class OneComment(TabEndpoint):
    @extend_schema(summary="A comment", responses={200: CommentOutput, 404: ErrorOutput})
    def get(self, request: Request, comment_id: UUID) -> Response:
        """A comment as everybody may read it; `url` leads to its page of the discussion."""
        return Response(shown_comment(find_comment(comment_id, request.user), request))

    @extend_schema(
        summary="Edit a comment",
        request=CommentChange,
        responses={200: CommentOutput, 403: PostingError, 404: ErrorOutput, 409: ErrorOutput, 429: PostingError},
        examples=[OpenApiExample("Other words", value={"text": 'Use `revision="v2"`.'}, request_only=True)],
    )
    def patch(self, request: SignedIn, comment_id: UUID) -> Response:
        """Give a comment of your own other words. Readers learn that it was edited; the team keeps every version.

        409 (`hidden`) while it is hidden.
        """
        asked = checked(CommentChange, request.data)
        comment = find_comment(comment_id, request.user)
        actions.edit_comment(comment, text=asked["text"], actor=request.user)
        return Response(shown_comment(find_comment(comment_id, request.user), request))


class HideComment(TabEndpoint):
    @extend_schema(
        summary="Hide a comment",
        request=HidingInput,
        responses={200: CommentOutput, 400: ErrorOutput, 403: ErrorOutput, 404: ErrorOutput},
        examples=[OpenApiExample("Spam", value={"category": "spam"}, request_only=True)],
    )
    def post(self, request: SignedIn, comment_id: UUID) -> Response:
        """Hide it from everybody: for who edits the repository, and whoever wrote it (then it is withdrawn).

        Its text is nowhere any more; it stays with the team as evidence. 403 (`by_decision`) for the team, which hides
        by a decision with reasons: `POST /api/v1/cases/on-the-spot`.
        """
        asked = checked(HidingInput, request.data)
        comment = find_comment(comment_id, request.user)
        actions.hide(comment, category=asked["category"], actor=request.user)
        return Response(shown_comment(find_comment(comment_id, request.user), request))


class UnhideComment(TabEndpoint):
    @extend_schema(
        summary="Show a hidden comment again",
        request=None,
        responses={200: CommentOutput, 403: ErrorOutput, 404: ErrorOutput},
    )
    def post(self, request: SignedIn, comment_id: UUID) -> Response:
        """Lift what your side hid. It stays hidden while another side hides it."""
        actions.unhide(find_comment(comment_id, request.user), actor=request.user)
        return Response(shown_comment(find_comment(comment_id, request.user), request))


class OneReaction(TabEndpoint):
    @extend_schema(
        summary="React to a comment",
        parameters=[KIND],
        request=None,
        responses={
            204: DONE, 400: ErrorOutput, 403: PostingError, 404: ErrorOutput, 409: ErrorOutput, 429: PostingError,
        },
    )  # fmt: skip
    def put(self, request: SignedIn, comment_id: UUID, kind: str) -> Response:
        """React without words; each kind once."""
        actions.react(find_comment(comment_id, request.user), kind, actor=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(
        summary="Take a reaction back", parameters=[KIND], request=None, responses={204: DONE, 404: ErrorOutput}
    )
    def delete(self, request: SignedIn, comment_id: UUID, kind: str) -> Response:
        """Take an own reaction back."""
        actions.take_back(find_comment(comment_id, request.user), kind, actor=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)
