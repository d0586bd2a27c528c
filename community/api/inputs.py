"""What programs send to the community tab."""

from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.queries import people_named
from community.actions import LONGEST_COMMENT, LONGEST_TITLE
from community.actions.hiding import CATEGORIES
from community.listing import STATUSES
from community.models import Discussion, Hiding
from foundation.api import CleanTextField, checked


class TitleField(CleanTextField):
    """One line."""

    def __init__(self, **options: Any) -> None:
        super().__init__(longest=LONGEST_TITLE, **options)

    def to_internal_value(self, data: Any) -> str:
        return " ".join(super().to_internal_value(data).split())


class DiscussionFilters(serializers.Serializer[Any]):
    status = serializers.ChoiceField(
        choices=tuple(STATUSES), default="all", help_text="Drafts are open, what is merged is closed too."
    )
    kind = serializers.ChoiceField(choices=("discussion", "pull_request"), required=False)
    author = serializers.CharField(required=False, max_length=150, help_text="A username.")

    @classmethod
    def narrow(cls, rows: QuerySet[Discussion], query: QueryDict) -> QuerySet[Discussion]:
        """`rows` that fit what `query` asks for. Raises ValidationError for a filter that makes no sense."""
        asked = checked(cls, query)
        if asked["status"] != "all":
            rows = rows.filter(status__in=STATUSES[asked["status"]])
        if "kind" in asked:
            rows = rows.filter(is_pull_request=asked["kind"] == "pull_request")
        return rows.filter(author__in=people_named([asked["author"].lower()])) if "author" in asked else rows


class CommentInput(serializers.Serializer[Any]):
    text = CleanTextField(longest=LONGEST_COMMENT, help_text="Markdown.")
    request_id = serializers.UUIDField(required=False, allow_null=True)


class DiscussionInput(CommentInput):
    title = TitleField(help_text="What it is about, in one line.")


class CommentChange(serializers.Serializer[Any]):
    text = CleanTextField(longest=LONGEST_COMMENT, help_text="Markdown. The words before stay with the team.")


class DiscussionChange(serializers.Serializer[Any]):
    title = TitleField(required=False)
    conceal = serializers.BooleanField(
        required=False, help_text="Leave the titles before it out of the timeline; not for who opened the discussion."
    )
    status = serializers.ChoiceField(choices=("open", "closed"), required=False)
    locked = serializers.BooleanField(required=False)
    lock_reason = serializers.ChoiceField(choices=Discussion.LockReason.choices, required=False)
    pinned = serializers.BooleanField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "lock_reason" in attrs and not attrs.get("locked"):
            raise serializers.ValidationError({"lock_reason": [_("A reason goes with locking.")]})
        if attrs.get("conceal") and "title" not in attrs:
            raise serializers.ValidationError({"conceal": [_("This goes with another title.")]})
        return attrs


class HidingInput(serializers.Serializer[Any]):
    category = serializers.ChoiceField(
        choices=[choice for choice in Hiding.Category.choices if choice[0] in CATEGORIES],
        required=False,
        default="",
        help_text="Why; not needed to withdraw a comment of your own.",
    )


class MergeInput(serializers.Serializer[Any]):
    message = CleanTextField(
        longest=LONGEST_COMMENT, required=False, allow_blank=True, default="", help_text="Of the commit."
    )
