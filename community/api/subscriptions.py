"""Watching and muting, for programs (K1)."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response

from accounts.authentication import HasScope, SignedIn
from community.api.base import find_repository
from community.models import Reason, Subscription
from community.queries import find_discussion_by_id
from community.subscribing import NONE, choose_level, repository_subscription_of, subscription_of
from foundation.api import Endpoint, ErrorOutput, checked

GONE = OpenApiResponse(description="Taken back, or there was none.")
MUTE = OpenApiExample("Mute", value={"level": "mute"}, request_only=True)


class SubscriptionInput(serializers.Serializer[Any]):
    level = serializers.ChoiceField(choices=Subscription.Level.choices)


class SubscriptionOutput(serializers.Serializer[Any]):
    level = serializers.ChoiceField(
        choices=Subscription.Level.choices, allow_null=True, help_text="Null where you hear of what calls you only."
    )
    reason = serializers.ChoiceField(choices=Reason.choices, allow_null=True)


class OwnEndpoint(Endpoint):
    """A choice of whoever asks, that nobody else sees; no restriction on posting holds it up."""

    permission_classes = (IsAuthenticated, HasScope)


class DiscussionSubscription(OwnEndpoint):
    @extend_schema(summary="Whether you watch a discussion", responses={200: SubscriptionOutput, 404: ErrorOutput})
    def get(self, request: SignedIn, discussion_id: UUID) -> Response:
        """What decides whether you hear of it: your choice, what came with taking part, or the muted repository."""
        return _answer(subscription_of(request.user, find_discussion_by_id(discussion_id, request.user)))

    @extend_schema(
        summary="Watch or mute a discussion",
        request=SubscriptionInput,
        responses={200: SubscriptionOutput, 404: ErrorOutput},
        examples=[MUTE],
    )
    def put(self, request: SignedIn, discussion_id: UUID) -> Response:
        """Hear of everything in it, or of nothing."""
        level = _level(request)
        discussion = find_discussion_by_id(discussion_id, request.user)
        return _answer(choose_level(discussion.repository, level, discussion=discussion, actor=request.user))

    @extend_schema(summary="Take your choice back", request=None, responses={204: GONE, 404: ErrorOutput})
    def delete(self, request: SignedIn, discussion_id: UUID) -> Response:
        """Neither watch nor mute it."""
        discussion = find_discussion_by_id(discussion_id, request.user)
        choose_level(discussion.repository, NONE, discussion=discussion, actor=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class RepositorySubscription(OwnEndpoint):
    @extend_schema(summary="Whether you watch a repository", responses={200: SubscriptionOutput, 404: ErrorOutput})
    def get(self, request: SignedIn, repository_id: UUID) -> Response:
        """What you chose for everything in its community tab."""
        repository = find_repository(request.user, repository_id=repository_id)
        return _answer(repository_subscription_of(request.user, repository))

    @extend_schema(
        summary="Watch or mute a repository",
        request=SubscriptionInput,
        responses={200: SubscriptionOutput, 404: ErrorOutput},
        examples=[MUTE],
    )
    def put(self, request: SignedIn, repository_id: UUID) -> Response:
        """Hear of everything in its community tab, or of nothing."""
        level = _level(request)
        repository = find_repository(request.user, repository_id=repository_id)
        return _answer(choose_level(repository, level, actor=request.user))

    @extend_schema(summary="Take your choice back", request=None, responses={204: GONE, 404: ErrorOutput})
    def delete(self, request: SignedIn, repository_id: UUID) -> Response:
        """Neither watch nor mute it."""
        choose_level(find_repository(request.user, repository_id=repository_id), NONE, actor=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _level(request: SignedIn) -> str:
    return str(checked(SubscriptionInput, request.data)["level"])


def _answer(subscription: Subscription | None) -> Response:
    return Response(SubscriptionOutput(subscription or {"level": None, "reason": None}).data)
