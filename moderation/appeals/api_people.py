"""What somebody contested, for programs of the team (K1; DSA art. 23)."""

from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.authentication import SignedIn
from accounts.models import User
from foundation.api import KeysetPagination
from foundation.errors import Refused
from moderation.appeals.models import Appeal
from moderation.appeals.queries import appeals_of
from moderation.cases.api.base import TeamEndpoint


class ContestedOutput(serializers.ModelSerializer[Appeal]):
    """An appeal, and the case in which it is answered."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    case = serializers.UUIDField(source="case.public_id", read_only=True)
    clause = serializers.CharField(source="case.clause.code", read_only=True)

    class Meta:
        model = Appeal
        fields = ("id", "case", "clause", "state", "bad_faith", "created_at", "decided_at")
        read_only_fields = fields


class PersonAppeals(TeamEndpoint):
    pagination_class = KeysetPagination
    order = ("-created_at", "-id")

    @extend_schema(summary="What a person contested", responses=ContestedOutput(many=True))
    def get(self, request: SignedIn, person_id: UUID) -> Response:
        """Their appeals in cases that you may see, newest first. 404 for oneself, too."""
        person = User.objects.filter(public_id=person_id).exclude(pk=request.user.pk).first()
        if person is None:
            raise Refused(_("There is no such person."), code="not_found", status=404)
        return self.page_of(appeals_of(person, request.user), ContestedOutput)
