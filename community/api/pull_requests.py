"""What becomes of pull requests, for programs (K1, B1). Proposing changes is the hub protocol's: it needs commits."""

from uuid import UUID

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.response import Response

from accounts.authentication import SignedIn
from community.api.base import TabEndpoint
from community.api.inputs import MergeInput
from community.api.shapes import DiscussionOutput, PostingError
from community.models import Discussion
from community.pull_requests import merge_pull_request, open_draft
from community.queries import find_discussion_by_id
from foundation.api import ErrorOutput, checked

ANSWERS = {200: DiscussionOutput, 403: PostingError, 404: ErrorOutput, 409: ErrorOutput, 429: PostingError}


class Merge(TabEndpoint):
    @extend_schema(
        summary="Merge a pull request",
        request=MergeInput,
        responses=ANSWERS,
        examples=[OpenApiExample("In one line", value={"message": "Say which data it saw"}, request_only=True)],
    )
    def post(self, request: SignedIn, discussion_id: UUID) -> Response:
        """Bring what it proposes into main. Sent again after it was merged by you, it is answered the same.

        409 for a draft (`draft`), for one that is closed or merged (`closed`), and for one that changes nothing
        (`empty`) or a file that main changed too.
        """
        asked = checked(MergeInput, request.data)
        discussion = find_discussion_by_id(discussion_id, request.user)
        if not _merged_by(discussion, request):
            merge_pull_request(discussion, actor=request.user, message=asked["message"])
        return _answer(discussion_id, request)


class Ready(TabEndpoint):
    @extend_schema(summary="Open a draft", request=None, responses=ANSWERS)
    def post(self, request: SignedIn, discussion_id: UUID) -> Response:
        """Say that a draft is ready to be looked at; nothing happens to one that is open."""
        open_draft(find_discussion_by_id(discussion_id, request.user), actor=request.user)
        return _answer(discussion_id, request)


def _merged_by(discussion: Discussion, request: SignedIn) -> bool:
    return discussion.is_pull_request and discussion.pull_request.merged_by_id == request.user.pk


def _answer(discussion_id: UUID, request: SignedIn) -> Response:
    discussion = find_discussion_by_id(discussion_id, request.user)
    return Response(DiscussionOutput(discussion, context={"request": request}).data)
