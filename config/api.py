"""Addresses of our API, version 1; no trailing slashes (architecture, "Addresses"; K1)."""

from django.urls import URLPattern, path, re_path
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from community.api.comments import Comments, HideComment, OneComment, OneReaction, UnhideComment
from community.api.discussions import (
    Discussions,
    DiscussionsAtAddress,
    DiscussionTimeline,
    NumberedDiscussion,
    OneDiscussion,
)
from community.api.pull_requests import Merge, Ready
from community.api.subscriptions import DiscussionSubscription, RepositorySubscription
from foundation.api import Endpoint
from foundation.errors import Refused
from moderation.cases.api.decisions import Decisions, LiftMeasure, OneDecision
from moderation.cases.api.queue import Cases, ClaimCase, NextCase, OneCase, ReleaseCase
from moderation.intake.api import OneReport, Reports
from moderation.policy.api import Clauses


@extend_schema(exclude=True)
class Unknown(Endpoint):
    """Whatever else is asked for: the shape of an error that programs expect, not a page."""

    permission_classes = (AllowAny,)

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        raise Refused(_("There is no such endpoint. See /api/docs/."), code="not_found", status=404)

    def get(self, request: Request) -> Response:
        return Response()


urlpatterns: list[URLPattern] = [
    path("clauses", Clauses.as_view()),
    path("reports", Reports.as_view()),
    path("reports/<uuid:report_id>", OneReport.as_view()),
    path("cases", Cases.as_view()),
    path("cases/next", NextCase.as_view()),
    path("cases/<uuid:case_id>", OneCase.as_view()),
    path("cases/<uuid:case_id>/claim", ClaimCase.as_view()),
    path("cases/<uuid:case_id>/release", ReleaseCase.as_view()),
    path("cases/<uuid:case_id>/decisions", Decisions.as_view()),
    path("decisions/<uuid:decision_id>", OneDecision.as_view()),
    path("measures/<uuid:measure_id>/lift", LiftMeasure.as_view()),
    path("repositories/<uuid:repository_id>/discussions", Discussions.as_view()),
    path("repositories/<kinds:kind>/<str:owner>/<str:name>/discussions", DiscussionsAtAddress.as_view()),
    path("repositories/<kinds:kind>/<str:owner>/<str:name>/discussions/<int:number>", NumberedDiscussion.as_view()),
    path("discussions/<uuid:discussion_id>", OneDiscussion.as_view()),
    path("discussions/<uuid:discussion_id>/timeline", DiscussionTimeline.as_view()),
    path("discussions/<uuid:discussion_id>/comments", Comments.as_view()),
    path("discussions/<uuid:discussion_id>/merge", Merge.as_view()),
    path("discussions/<uuid:discussion_id>/ready", Ready.as_view()),
    path("discussions/<uuid:discussion_id>/subscription", DiscussionSubscription.as_view()),
    path("repositories/<uuid:repository_id>/subscription", RepositorySubscription.as_view()),
    path("comments/<uuid:comment_id>", OneComment.as_view()),
    path("comments/<uuid:comment_id>/hide", HideComment.as_view()),
    path("comments/<uuid:comment_id>/unhide", UnhideComment.as_view()),
    path("comments/<uuid:comment_id>/reactions/<str:kind>", OneReaction.as_view()),
    re_path(r"", Unknown.as_view()),
]
