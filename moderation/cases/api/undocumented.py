"""The worklist of what many use and nobody documented, for programs of the team (K1, A10)."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.authentication import SignedIn
from foundation.api import KeysetPagination, checked
from foundation.pages import page
from moderation.cases.api.base import TeamEndpoint
from repositories.models import Kind, Repository
from repositories.undocumented import ORDER, TOPICS, question, undocumented


class UndocumentedFilters(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=Kind.choices, required=False)
    missing = serializers.ChoiceField(choices=list(TOPICS.items()), required=False, help_text="Lacks this.")


class UndocumentedOutput(serializers.ModelSerializer[Repository]):
    """A repository, and what its card leaves out."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    name = serializers.CharField(source="full_name", read_only=True)
    missing = serializers.SerializerMethodField()
    ask = serializers.SerializerMethodField(help_text="The page on which its owner is asked for it, with our words.")

    class Meta:
        model = Repository
        fields = ("id", "kind", "name", "downloads", "likes", "missing", "ask")
        read_only_fields = fields

    def get_missing(self, row: Repository) -> list[str]:
        return [topic for topic in row.missing_documentation if topic in TOPICS]

    def get_ask(self, row: Repository) -> str:
        return str(self.context["request"].build_absolute_uri(question(row)))


class Undocumented(TeamEndpoint):
    pagination_class = KeysetPagination

    @extend_schema(
        summary="Repositories without documentation",
        parameters=[UndocumentedFilters],
        responses=UndocumentedOutput(many=True),
    )
    def get(self, request: SignedIn) -> Response:
        """Whose card leaves out risks, limitations, or what they are meant for; what most people use comes first."""
        asked = checked(UndocumentedFilters, request.query_params.dict())
        first, *others = undocumented(asked.get("kind", ""), asked.get("missing", ""))
        return self.page_found(page(first, request._request.GET, order=ORDER, also=others), UndocumentedOutput)
