"""Pictures of a case, for programs: blurred, or as they are for whoever decides to look (K1, D5)."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers

from accounts.authentication import SignedIn
from foundation.api import ErrorOutput, checked
from moderation.cases import pictures
from moderation.cases.api.base import JsonErrors, TeamEndpoint, find_case
from moderation.cases.audit import REPORTS, note_reading
from moderation.cases.downloads import shown
from moderation.cases.looking import look

PICTURE: dict[Any, Any] = {(200, "image/webp"): OpenApiTypes.BINARY, 415: ErrorOutput}


class LookInput(serializers.Serializer[Any]):
    sharp = serializers.BooleanField(
        default=False, help_text="As it is. Without it the picture is blurred for good: nothing can be made out in it."
    )


class Picture(TeamEndpoint):
    content_negotiation_class = JsonErrors

    @extend_schema(
        operation_id="cases_pictures_retrieve",
        summary="A reported picture",
        parameters=[LookInput],
        responses={**PICTURE, 503: ErrorOutput},
    )
    def get(self, request: SignedIn, case_id: UUID, snapshot_id: int) -> HttpResponse:
        """A small WebP of what a snapshot shows. `sharp` counts among what you saw today, where it is harmful.

        Where a report of the case is confidential, reading it is an event. 404 for what is no picture, is locked away,
        erased, or private by now unless you opened an inspection; 415 (`no_preview`) for what cannot be decoded.
        """
        case = find_case(case_id, request.user)
        sharp = checked(LookInput, request.query_params)["sharp"]
        webp = (look if sharp else pictures.blurred_picture)(case, snapshot_id, viewer=request.user)
        if case.case_reports.filter(report__confidential=True).exists():
            note_reading(case, REPORTS, actor=request.user)
        return shown(webp)


class AttachedPicture(TeamEndpoint):
    content_negotiation_class = JsonErrors

    @extend_schema(
        operation_id="cases_attachments_picture_retrieve",
        summary="A picture that a reporter sent",
        parameters=[LookInput],
        responses={**PICTURE, 410: ErrorOutput},
    )
    def get(self, request: SignedIn, case_id: UUID, attachment_id: UUID) -> HttpResponse:
        """A small WebP of a file of the case; each reading is an event. 404 where it is no picture, 410 once gone."""
        case = find_case(case_id, request.user)
        blurred = not checked(LookInput, request.query_params)["sharp"]
        return shown(pictures.attached_picture(case, attachment_id, blurred=blurred, actor=request.user))
