"""What the endpoints of the team share: who may, and which cases they see."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request

from accounts.authentication import HasScope, SignedIn
from accounts.models import Scope, User
from foundation.api import Endpoint, checked, idempotency_key
from foundation.compiled import Compiled
from foundation.errors import Refused
from moderation.cases.models import Case
from moderation.cases.permissions import require_team
from moderation.cases.queries import seen_by_id
from moderation.cases.stakes import Stakes, stakes_of

LONGEST_REASON = 2_000
KEY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    description="Any text of yours; the same request sent again under it is done once. `request_id` does the same.",
)


def keyed(shape: type[serializers.Serializer[Any]], request: SignedIn) -> dict[str, Any]:
    """What was asked for in `shape`, with the `request_id` under which it may be sent again, or None."""
    asked = checked(shape, request.data)
    sent = asked.pop("request_id", None)
    return {**asked, "request_id": idempotency_key(request, sent, request.user.public_id)}


class JsonErrors(BaseContentNegotiation):
    """For downloads: whatever is asked for, the answer is the file, or an error in JSON."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return parsers[0]

    def select_renderer(self, request: Request, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


class InTeam(BasePermission):
    """The person works in the queue; asked before anything is looked up."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not isinstance(request.user, User):
            return False
        require_team(request.user)
        return True


class TeamEndpoint(Endpoint):
    """An endpoint of the team: a token needs the scope `moderate`, and its person must be in the team."""

    permission_classes = (IsAuthenticated, HasScope, InTeam)
    scope = Scope.MODERATE


def find_case(public_id: UUID, actor: User) -> Case:
    """The case of this id. Raises the same 404 for a missing one and for one about `actor` (C1)."""
    case = seen_by_id(public_id, actor)
    if case is None:
        raise Refused(_("There is no such case."), code="not_found", status=404)
    return case


def find_to_change(public_id: UUID, actor: User) -> tuple[Case, Stakes]:
    """The same case without what it shows, for an action that reads it again under its lock; two short queries.

    And what keeps `actor` from cases.
    """
    case, own = _by_public_id.first(public_id), stakes_of(actor)
    if case is None or own.bar(case):
        raise Refused(_("There is no such case."), code="not_found", status=404)
    return case, own


@Compiled
def _by_public_id(key: UUID) -> QuerySet[Case]:
    return Case.objects.filter(public_id=key)


def find_review(public_id: UUID, actor: User) -> Case:
    """The same for a review. An appeal is answered on its own page: the same 404."""
    case = find_case(public_id, actor)
    if case.kind != Case.Kind.REVIEW:
        raise Refused(_("There is no such case."), code="not_found", status=404)
    return case
