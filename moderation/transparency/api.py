"""The public log of a repository, for programs (K1, J2)."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from community.api.base import ADDRESS, TabEndpoint, find_repository
from foundation import clock
from foundation.api import ErrorOutput, KeysetPagination
from moderation.sanctions.models import Measure
from moderation.transparency.queries import LogLine, log_line, log_of

STATES = ["holds", "ended", "lifted"]
# Of a confidential measure nobody reads these (E3).
UNSAID = ("kind", "clause", "by_rule", "consequence", "reason", "what_would_lift_it", "discussion")
EXAMPLE = {
    "next": None,
    "results": [
        {
            "title": "downgrade: left out of trending and feeds",
            "kind": "downgrade",
            "clause": "spam",
            "state": "holds",
            "since": "2026-11-21T14:04:12Z",
            "ends_at": None,
            "lifted_at": None,
            "by_rule": False,
            "consequence": "This repository can still be reached by its address, but no list, feed or search shows it.",
            "reason": "The card advertises a shop.",
            "what_would_lift_it": "We lift it when the cause is gone, or when the decision is contested and we agree.",
            "discussion": 4,
        },
        {
            "title": "Restricted",
            "kind": None,
            "clause": None,
            "state": "lifted",
            "since": "2026-10-02T09:30:00Z",
            "ends_at": None,
            "lifted_at": "2026-10-05T11:00:00Z",
            "by_rule": None,
            "consequence": None,
            "reason": None,
            "what_would_lift_it": None,
            "discussion": None,
        },
    ],
}


class LogLineOutput(serializers.Serializer[LogLine]):
    """A measure as everybody may read it; of a confidential one that there is one, since when, and whether it holds."""

    title = serializers.CharField(help_text="What it is, in words.")
    kind = serializers.ChoiceField(source="measure.kind", choices=Measure.Kind.choices, allow_null=True)
    clause = serializers.CharField(source="measure.clause.code", allow_null=True, help_text="Its code in the policy.")
    state = serializers.ChoiceField(choices=STATES)
    since = serializers.DateTimeField(source="measure.starts_at")
    ends_at = serializers.DateTimeField(allow_null=True, help_text="When it is over by itself.")
    lifted_at = serializers.DateTimeField(source="measure.lifted_at", allow_null=True)
    by_rule = serializers.BooleanField(
        source="measure.automated", allow_null=True, help_text="Whether a rule took it, and not a person."
    )
    consequence = serializers.CharField(allow_null=True, help_text="What it means.")
    reason = serializers.CharField(allow_null=True, help_text="Our words on the page.")
    what_would_lift_it = serializers.CharField(allow_null=True, help_text="Of one that holds.")
    discussion = serializers.IntegerField(
        source="measure.discussion.number", allow_null=True, default=None, help_text="Number of the one about it."
    )

    def to_representation(self, line: LogLine) -> dict[str, Any]:
        said: dict[str, Any] = super().to_representation(line)
        return {name: None if line.confidential and name in UNSAID else value for name, value in said.items()}


class RepositoryLog(TabEndpoint):
    pagination_class = KeysetPagination
    order = ("-starts_at", "-id")

    @extend_schema(
        summary="The moderation log of a repository",
        responses={200: LogLineOutput(many=True), 404: ErrorOutput},
        examples=[OpenApiExample("One that holds, one that is over", value=EXAMPLE, response_only=True)],
    )
    def get(self, request: Request, repository_id: UUID) -> Response:
        """What our team did about a repository, newest first, for whoever sees it.

        Warnings and other measures that concern people are private, and never listed.
        """
        return self._page(request, repository_id=repository_id)

    def _page(self, request: Request, **where: Any) -> Response:
        repository = find_repository(request.user, **where)
        pages, now = KeysetPagination(), clock.now()
        rows = pages.paginate_queryset(log_of(repository), request, view=self)
        lines: Any = [log_line(row, now) for row in rows]
        return pages.get_paginated_response(LogLineOutput(lines, many=True).data)


class RepositoryLogAtAddress(RepositoryLog):
    @extend_schema(
        operation_id="repositories_moderation_at_address_list",
        summary="The moderation log of the repository at an address",
        parameters=ADDRESS,
        responses={200: LogLineOutput(many=True), 404: ErrorOutput},
    )
    def get(self, request: Request, kind: str, owner: str, name: str) -> Response:  # type: ignore[override]
        """The same by the repository's address."""
        return self._page(request, kind=kind, owner=owner, name=name)
