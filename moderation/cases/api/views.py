"""Saved views of the queue and templates of reasons, for programs (K1, D4)."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.response import Response

from accounts.authentication import SignedIn
from accounts.models import User
from foundation.api import CleanTextField, ErrorOutput, KeysetPagination, checked, idempotency_key
from foundation.errors import Refused
from moderation.cases.actions.templates import change_template, write_template
from moderation.cases.actions.views import change_view, delete_view, save_view
from moderation.cases.api.base import KEY, TeamEndpoint
from moderation.cases.api.template_ends import EndInput, EndOutput, ends_of_input, ends_shown
from moderation.cases.models import Decision, ReasonTemplate, SavedView
from moderation.cases.templates_of_reasons import list_of_known
from moderation.policy.api import ClauseField
from moderation.sanctions.models import Measure

LONGEST_NAME, LONGEST_TITLE, LONGEST_TEXT = 60, 80, 5_000
GONE = {204: OpenApiResponse(description="Done, now or before.")}


class ViewOutput(serializers.ModelSerializer[SavedView]):
    id = serializers.UUIDField(source="public_id", read_only=True)
    owner = serializers.CharField(source="owner.username", read_only=True)

    class Meta:
        model = SavedView
        fields = ("id", "owner", "name", "query", "shared", "created_at")
        read_only_fields = fields


class ViewInput(serializers.Serializer[Any]):
    name = CleanTextField(longest=LONGEST_NAME)
    query = CleanTextField(
        longest=1_000, required=False, allow_blank=True, help_text="Query string of the queue, such as `lane=mine`."
    )
    shared = serializers.BooleanField(default=False, help_text="Shared with the team.")


class ViewChange(serializers.Serializer[Any]):
    name = CleanTextField(longest=LONGEST_NAME, required=False)
    shared = serializers.BooleanField(required=False)


class TemplateOutput(serializers.ModelSerializer[ReasonTemplate]):
    id = serializers.UUIDField(source="public_id", read_only=True)
    clause = serializers.CharField(source="clause.code", read_only=True, allow_null=True, default=None)

    ends = serializers.SerializerMethodField()

    class Meta:
        model = ReasonTemplate
        fields = ("id", "title", "text", "language", "outcome", "clause", "measures", "ends", "active", "changed_at")
        read_only_fields = fields

    @extend_schema_field(EndOutput(many=True))
    def get_ends(self, template: ReasonTemplate) -> Any:
        return EndOutput(ends_shown(template), many=True).data


class TemplateInput(serializers.Serializer[Any]):
    title = CleanTextField(longest=LONGEST_TITLE)
    text = CleanTextField(longest=LONGEST_TEXT, help_text=f"With variables: {list_of_known()}.")
    language = serializers.ChoiceField(choices=settings.LANGUAGES, default="en")
    outcome = serializers.ChoiceField(choices=Decision.Outcome.choices)
    clause = ClauseField(required=False, allow_null=True, help_text="Null for the one of the case.")
    measures = serializers.ListField(
        child=serializers.ChoiceField(choices=Measure.Kind.choices), required=False, max_length=20
    )
    ends = EndInput(many=True, required=False, help_text="Of measures that do not hold as they usually do.")
    active = serializers.BooleanField(default=True, help_text="Offered on cases.")


class Views(TeamEndpoint):
    pagination_class = KeysetPagination
    order = ("name", "id")

    @extend_schema(summary="Saved views", responses=ViewOutput(many=True))
    def get(self, request: SignedIn) -> Response:
        """Own views of the queue and those that others share. What a view shows is asked for whoever reads it."""
        return self.page_of(_seen(request.user), ViewOutput)

    @extend_schema(
        summary="Save a view",
        request=ViewInput,
        responses={200: ViewOutput, 409: ErrorOutput},
        examples=[
            OpenApiExample(
                "Overdue", value={"name": "Overdue spam", "query": "clause=spam&due=passed"}, request_only=True
            )
        ],
    )
    def post(self, request: SignedIn) -> Response:
        """Keep an address of the queue; the same name again replaces the own view of that name. 409: `too_many`."""
        asked = checked(ViewInput, request.data)
        name = " ".join(asked["name"].split())
        view = save_view(name, asked.get("query", ""), shared=asked["shared"], actor=request.user)
        return Response(ViewOutput(view).data)


class OneView(TeamEndpoint):
    @extend_schema(summary="A saved view", responses=ViewOutput)
    def get(self, request: SignedIn, view_id: UUID) -> Response:
        """An own view or one that somebody shares."""
        return Response(ViewOutput(_find_view(view_id, request.user)).data)

    @extend_schema(
        summary="Change a view",
        request=ViewChange,
        responses={200: ViewOutput, 409: ErrorOutput},
        examples=[OpenApiExample("For the team", value={"shared": True}, request_only=True)],
    )
    def patch(self, request: SignedIn, view_id: UUID) -> Response:
        """Another name for an own view, shared or not. 403 for somebody else's, 409 for a name that is taken."""
        asked = checked(ViewChange, request.data)
        view = _find_view(view_id, request.user)
        asked = {"name": view.name, "shared": view.shared, **asked}
        asked["name"] = " ".join(asked["name"].split())
        return Response(ViewOutput(change_view(view, actor=request.user, **asked)).data)

    @extend_schema(summary="Delete a view", responses=GONE)
    def delete(self, request: SignedIn, view_id: UUID) -> Response:
        """Delete an own view. 403 for somebody else's."""
        delete_view(_find_view(view_id, request.user), actor=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class Templates(TeamEndpoint):
    pagination_class = KeysetPagination
    order = ("title", "id")

    @extend_schema(summary="Templates of reasons", responses=TemplateOutput(many=True))
    def get(self, request: SignedIn) -> Response:
        """Words for statements of reasons, by title; `active` ones are offered on cases."""
        return self.page_of(ReasonTemplate.objects.select_related("clause"), TemplateOutput)

    @extend_schema(
        summary="Write a template",
        parameters=[KEY],
        request=TemplateInput,
        responses={201: TemplateOutput, 409: ErrorOutput},
        examples=[
            OpenApiExample(
                "Spam",
                value={
                    "title": "Advertising",
                    "text": "{subject} advertises something that has nothing to do with {repository}.",
                    "outcome": "violation",
                    "clause": "spam",
                    "measures": ["downgrade"],
                    "ends": [{"kind": "downgrade", "until_done": "documented"}],
                },
                request_only=True,
            )
        ],
    )
    def post(self, request: SignedIn) -> Response:
        """A new template; 400 for a title that is taken and for variables that we do not know.

        The same request sent again is answered the same; with other words it is a 409 (`sent`).
        """
        asked = _with_ends(checked(TemplateInput, request.data))
        key = idempotency_key(request, None, request.user.public_id)
        made = write_template(actor=request.user, request_id=key, **asked)
        return Response(TemplateOutput(made).data, status=status.HTTP_201_CREATED)


class OneTemplate(TeamEndpoint):
    @extend_schema(summary="A template of reasons", responses=TemplateOutput)
    def get(self, request: SignedIn, template_id: UUID) -> Response:
        """The words, and the decision that they go with."""
        return Response(TemplateOutput(_find_template(template_id)).data)

    @extend_schema(
        summary="Change a template",
        request=TemplateInput(partial=True),
        responses=TemplateOutput,
        examples=[OpenApiExample("Out of the choices", value={"active": False}, request_only=True)],
    )
    def patch(self, request: SignedIn, template_id: UUID) -> Response:
        """Change what is sent; `active: false` keeps it out of the choices. What was decided keeps its words."""
        asked = _with_ends(checked(TemplateInput, request.data, partial=True))
        changed = change_template(_find_template(template_id), actor=request.user, **asked)
        return Response(TemplateOutput(changed).data)

    @extend_schema(summary="Retire a template", responses=GONE)
    def delete(self, request: SignedIn, template_id: UUID) -> Response:
        """Offer it no more: the same as `active: false`. It can be changed back."""
        change_template(_find_template(template_id), actor=request.user, active=False)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _seen(actor: User) -> QuerySet[SavedView]:
    return SavedView.objects.filter(Q(owner=actor) | Q(shared=True)).select_related("owner")


def _find_view(view_id: UUID, actor: User) -> SavedView:
    view = _seen(actor).filter(public_id=view_id).first()
    if view is None:
        raise Refused(_("There is no such view."), code="not_found", status=404)
    return view


def _with_ends(asked: dict[str, Any]) -> dict[str, Any]:
    return asked | {"ends": ends_of_input(asked["ends"])} if "ends" in asked else asked


def _find_template(template_id: UUID) -> ReasonTemplate:
    template = ReasonTemplate.objects.select_related("clause").filter(public_id=template_id).first()
    if template is None:
        raise Refused(_("There is no such template."), code="not_found", status=404)
    return template
