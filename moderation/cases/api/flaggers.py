"""Trusted flaggers and their measured record, for programs; appointed by administrators (K1; DSA art. 22)."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from accounts.authentication import SignedIn
from accounts.models import User
from foundation import clock
from foundation.api import CleanTextField, ErrorOutput, KeysetPagination, NameField, checked
from foundation.errors import Refused
from moderation.cases.api.base import TeamEndpoint
from moderation.policy.api import ClauseField
from moderation.reports.actions.flaggers import appoint, change_appointment, end_appointment
from moderation.reports.flaggers import FlaggerRecord, flaggers, records_of_flaggers
from moderation.reports.models import TrustedFlagger

LONGEST = 200


class FlaggerRecordOutput(serializers.Serializer[FlaggerRecord]):
    """What became of the reports that came in as those of a trusted flagger."""

    filed = serializers.IntegerField(read_only=True)
    decided = serializers.IntegerField(read_only=True)
    upheld = serializers.IntegerField(read_only=True)
    bad_faith = serializers.IntegerField(read_only=True)
    share = serializers.FloatField(read_only=True, allow_null=True, help_text="Upheld of decided, 0 to 1.")
    interval = serializers.ListField(
        child=serializers.FloatField(), read_only=True, help_text="Where the true share lies, with 95 % confidence."
    )
    median_seconds = serializers.SerializerMethodField(help_text="From the report to our decision.")

    def get_median_seconds(self, record: FlaggerRecord) -> float | None:
        return record.median.total_seconds() if record.median is not None else None


class FlaggerOutput(serializers.ModelSerializer[TrustedFlagger]):
    id = serializers.UUIDField(source="user.public_id", read_only=True, help_text="Of the person.")
    username = serializers.CharField(source="user.username", read_only=True)
    clauses = serializers.SlugRelatedField(  # type: ignore[var-annotated]
        slug_field="code", many=True, read_only=True, help_text="Empty: all of them."
    )
    stands = serializers.SerializerMethodField(help_text="Trusted now.")
    record = serializers.SerializerMethodField()

    class Meta:
        model = TrustedFlagger
        fields = ("id", "username", "organization", "clauses", "since", "until", "stands", "record")
        read_only_fields = fields

    def get_stands(self, one: TrustedFlagger) -> bool:
        now = clock.now()
        return one.since <= now and (one.until is None or one.until > now)

    def get_record(self, one: TrustedFlagger) -> FlaggerRecordOutput:
        record: FlaggerRecord = self.context["records"].get(one.user_id, FlaggerRecord())
        shown: Any = FlaggerRecordOutput(record).data
        return shown  # type: ignore[no-any-return]


class FlaggerChange(serializers.Serializer[Any]):
    organization = CleanTextField(longest=LONGEST, required=False, help_text="On whose behalf; shown in public.")
    clauses = ClauseField(many=True, required=False, help_text="Under which clauses; empty: under all.")
    since = serializers.DateTimeField(required=False)
    until = serializers.DateTimeField(required=False, allow_null=True, help_text="Null: until further notice.")


class FlaggerInput(FlaggerChange):
    username = NameField(slug_field="username", queryset=User.objects.filter(is_guest=False, is_active=True))
    organization = CleanTextField(longest=LONGEST, help_text="On whose behalf; shown in public.")


class Flaggers(TeamEndpoint):
    pagination_class = KeysetPagination
    order = ("-since", "-id")

    @extend_schema(summary="Trusted flaggers", responses=FlaggerOutput(many=True))
    def get(self, request: SignedIn) -> Response:
        """Everybody who is or was one, the newest appointment first, each with what became of their reports."""
        pages = KeysetPagination()
        found: list[TrustedFlagger] = pages.paginate_queryset(flaggers(), request, view=self)
        return pages.get_paginated_response(FlaggerOutput(found, many=True, context=_records(found)).data)

    @extend_schema(
        summary="Appoint a trusted flagger",
        request=FlaggerInput,
        responses={201: FlaggerOutput, 200: FlaggerOutput, 409: ErrorOutput},
        examples=[
            OpenApiExample(
                "For spam",
                value={"username": "hotline", "organization": "Hotline Example", "clauses": ["spam"]},
                request_only=True,
            )
        ],
    )
    def post(self, request: SignedIn) -> Response:
        """Trust somebody's reports, under some clauses or all: for administrators.

        The same appointment sent again is answered 200; 409 (`exists`) for somebody who is or was one: change that.
        """
        asked = checked(FlaggerInput, request.data)
        user = asked.pop("username")
        known = flaggers().filter(user=user).first()
        if known is not None and request.user.has_perm("reports.add_trustedflagger") and _says(known, asked):
            return _shown(known)
        return _shown(appoint(user, actor=request.user, **asked), status.HTTP_201_CREATED)


class OneFlagger(TeamEndpoint):
    @extend_schema(summary="A trusted flagger", responses=FlaggerOutput)
    def get(self, request: SignedIn, person_id: UUID) -> Response:
        """Who is trusted for what, since when, and how their reports turned out."""
        return _shown(_find(person_id))

    @extend_schema(
        summary="Change an appointment",
        request=FlaggerChange,
        responses=FlaggerOutput,
        examples=[OpenApiExample("Until then", value={"until": "2027-06-30T00:00:00Z"}, request_only=True)],
    )
    def patch(self, request: SignedIn, person_id: UUID) -> Response:
        """Other clauses, another end, or none any more: for administrators."""
        asked = checked(FlaggerChange, request.data, partial=True)
        return _shown(change_appointment(_find(person_id), actor=request.user, **asked))

    @extend_schema(
        summary="End an appointment", responses={204: OpenApiResponse(description="It ended, now or before.")}
    )
    def delete(self, request: SignedIn, person_id: UUID) -> Response:
        """Trust them no more from now on: for administrators. What they filed, and their record, stay."""
        end_appointment(_find(person_id), actor=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _find(person_id: UUID) -> TrustedFlagger:
    found = flaggers().filter(user__public_id=person_id).first()
    if found is None:
        raise Refused(_("There is no such trusted flagger."), code="not_found", status=404)
    return found


def _says(known: TrustedFlagger, asked: dict[str, Any]) -> bool:
    """Whether everything that is asked for is so already."""
    clauses = {one.pk for one in asked.get("clauses", [])}
    others = {name: value for name, value in asked.items() if name != "clauses"}
    same = {one.pk for one in known.clauses.all()} == clauses
    return same and {name: getattr(known, name) for name in others} == others


def _records(found: list[TrustedFlagger]) -> dict[str, Any]:
    return {"records": records_of_flaggers(one.user_id for one in found)}


def _shown(one: TrustedFlagger, code: int = status.HTTP_200_OK) -> Response:
    return Response(FlaggerOutput(one, context=_records([one])).data, status=code)
