"""How discussions, comments and events look to programs. Of a comment only its projection: nothing hidden (B2)."""

from typing import Any, Literal

from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema_field
from rest_framework import serializers

from community.models import Comment, Discussion, DiscussionEvent, Hiding, PullRequest, Reaction
from foundation.api import ErrorOutput

Side = Literal["owner", "team"]


class PullRequestOutput(serializers.ModelSerializer[PullRequest]):
    class Meta:
        model = PullRequest
        fields = ("base", "head", "merge_commit", "merged_at")
        read_only_fields = fields


class DiscussionOutput(serializers.ModelSerializer[Discussion]):
    """Needs the repository with its namespace, the author and the pull request."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    repository = serializers.UUIDField(source="repository.public_id", read_only=True)
    author = serializers.CharField(source="author.username", read_only=True)
    pinned = serializers.SerializerMethodField()
    pull_request = PullRequestOutput(read_only=True, allow_null=True, default=None)
    url = serializers.SerializerMethodField(help_text="Its page.")

    lock_reason = serializers.ChoiceField(choices=Discussion.LockReason.choices, allow_blank=True, read_only=True)

    class Meta:
        model = Discussion
        fields = (
            "id", "repository", "number", "title", "author", "origin", "status", "is_pull_request", "pull_request",
            "locked", "locked_by_team", "lock_reason", "pinned", "comment_count", "created_at", "active_at", "url",
        )  # fmt: skip
        read_only_fields = fields

    def get_pinned(self, discussion: Discussion) -> bool:
        return discussion.pinned_at is not None

    def get_url(self, discussion: Discussion) -> str:
        return str(self.context["request"].build_absolute_uri(discussion.get_absolute_url()))


class ReactionOutput(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=Reaction.Kind.choices, read_only=True)
    count = serializers.IntegerField(read_only=True)
    own = serializers.BooleanField(read_only=True, help_text="Whether you are one of them.")


class CommentOutput(serializers.ModelSerializer[Comment]):
    """Made by community.api.entries, which puts `sides`, `hidings` and `reactions` into the context."""

    type = serializers.SerializerMethodField()
    id = serializers.UUIDField(source="public_id", read_only=True)
    discussion = serializers.UUIDField(source="discussion.public_id", read_only=True)
    author = serializers.CharField(source="author.username", read_only=True)
    side = serializers.SerializerMethodField(help_text="Where its author stands; null for everybody else.")
    hidden_because = serializers.SerializerMethodField(help_text="Of a hidden comment the category.")
    reactions = serializers.SerializerMethodField()
    url = serializers.SerializerMethodField(help_text="Its place on the page of the discussion.")

    class Meta:
        model = Comment
        fields = (
            "type", "id", "discussion", "position", "author", "side", "text", "hidden", "hidden_because", "reactions",
            "created_at", "edited_at", "url",
        )  # fmt: skip
        read_only_fields = fields
        extra_kwargs = {
            "text": {"help_text": "Markdown, as it holds now. Empty while it is hidden."},
            "edited_at": {"help_text": "When its words last changed; null when they never did."},
        }

    def get_type(self, comment: Comment) -> Literal["comment"]:
        return "comment"

    def get_side(self, comment: Comment) -> Side | None:
        sides = self.context["sides"]
        if comment.author_id in sides.team:
            return "team"
        return "owner" if comment.author_id in sides.owner else None

    @extend_schema_field(serializers.ChoiceField(choices=Hiding.Category.choices, allow_null=True))
    def get_hidden_because(self, comment: Comment) -> str | None:
        category: str | None = self.context["hidings"].get(comment.pk)
        return category

    @extend_schema_field(ReactionOutput(many=True))
    def get_reactions(self, comment: Comment) -> list[dict[str, Any]]:
        found = self.context["reactions"].get(comment.pk, [])
        return [{"kind": one.kind, "count": one.count, "own": one.own} for one in found if one.count]

    def get_url(self, comment: Comment) -> str:
        return str(self.context["request"].build_absolute_uri(comment.get_absolute_url()))


class TimelineEventOutput(serializers.ModelSerializer[DiscussionEvent]):
    type = serializers.SerializerMethodField()
    id = serializers.UUIDField(source="public_id", read_only=True)
    actor = serializers.CharField(source="actor.username", read_only=True)
    comment = serializers.UUIDField(source="comment.public_id", read_only=True, allow_null=True, default=None)
    data = serializers.DictField(  # type: ignore[assignment]
        source="shown_data",
        read_only=True,
        help_text="Ids, codes and titles; of titles that were left out only `concealed`.",
    )

    class Meta:
        model = DiscussionEvent
        fields = ("type", "id", "position", "kind", "actor", "comment", "data", "created_at")
        read_only_fields = fields

    def get_type(self, event: DiscussionEvent) -> Literal["event"]:
        return "event"


EntryOutput = PolymorphicProxySerializer(
    component_name="TimelineEntry",
    serializers={"comment": CommentOutput, "event": TimelineEventOutput},
    resource_type_field_name="type",
)


class TimelineOutput(serializers.Serializer[Any]):
    """A page of a timeline; for the description of the API."""

    next = serializers.URLField(allow_null=True, help_text="Address of the next page.")
    previous = serializers.URLField(allow_null=True, help_text="Address of the page before.")
    results = serializers.ListField(child=EntryOutput)


class PostingError(ErrorOutput):
    """Why you cannot post: the `code` is one of those in the description of this endpoint."""

    until = serializers.DateTimeField(
        required=False, allow_null=True, help_text="When it ends by itself; null for what has no end."
    )
