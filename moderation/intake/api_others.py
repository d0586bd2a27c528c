"""Finding other comments of an author, to be reported in one go with one of them, for programs (C1, K1)."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.authentication import SignedIn
from accounts.models import User
from community.models import Comment
from foundation.api import Endpoint, KeysetPagination
from moderation.intake.others import other_comments, picked_comments, wanted_words
from moderation.reports.models import Report
from moderation.subjects.lookup import Target, find_target

FIND = OpenApiParameter("find", str, description="Only comments with these words in them, of two characters or more.")


class OtherCommentOutput(serializers.ModelSerializer[Comment]):
    id = serializers.UUIDField(source="public_id", read_only=True)
    discussion = serializers.UUIDField(source="discussion.public_id", read_only=True)
    title = serializers.CharField(source="discussion.title", read_only=True, help_text="Of the discussion.")
    repository = serializers.CharField(source="discussion.repository.full_name", read_only=True)
    url = serializers.SerializerMethodField()

    class Meta:
        model = Comment
        fields = ("id", "discussion", "title", "repository", "text", "created_at", "url")
        read_only_fields = fields

    def get_url(self, comment: Comment) -> str:
        return str(self.context["request"].build_absolute_uri(comment.get_absolute_url()))


class OtherComments(Endpoint):
    pagination_class = KeysetPagination
    order = ("-created_at", "-id")

    @extend_schema(
        summary="Other comments of the same author", parameters=[FIND], responses=OtherCommentOutput(many=True)
    )
    def get(self, request: SignedIn, comment_id: UUID) -> Response:
        """What else its author wrote where you may read, newest first: to be named in `also` of a report.

        Without what you reported and we still look at.
        """
        target = find_target("comment", comment_id, request.user)
        words = wanted_words(request.query_params.get("find", ""))
        rows: QuerySet[Comment] = other_comments(target, request.user, words=words)
        return self.page_of(rows, OtherCommentOutput)


def named(target: Target, ids: list[UUID], request_id: UUID | None, reporter: User) -> list[Comment]:
    """The other comments that a report names; at most two queries, none for none.

    Raises ValidationError naming those that are none of the same author in what `reporter` may read; not for a request
    that was sent before: what became of them since changes nothing.
    """
    found = picked_comments(target, [str(one) for one in ids], reporter)
    missing = {one for one in ids if one != target.public_id} - {one.public_id for one in found}
    before = Report.objects.filter(reporter=reporter, request_id=request_id) if request_id else Report.objects.none()
    if missing and not before.exists():
        words: Any = _("These are no other comments of the same author that you can read: %(ids)s.")
        raise serializers.ValidationError({"also": [words % {"ids": ", ".join(sorted(map(str, missing)))}]})
    return found
