"""How much lies where, and what is new, for programs: lanes, saved views, news of a list (K1, D4)."""

from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.authentication import SignedIn
from accounts.models import User
from moderation.cases.api.base import TeamEndpoint
from moderation.cases.api.queue import CaseFilters, narrow
from moderation.cases.choices import UNATTENDED
from moderation.cases.desk import count_views, views_of
from moderation.cases.lanes import AFTER, BEFORE, UNCOUNTED, changed_since, count_lanes
from moderation.cases.models import Case
from moderation.cases.queries import latest_event
from moderation.cases.queue_forms import QueueFilters

MOST = 100


class LaneOutput(serializers.Serializer[Any]):
    """A lane of the queue; `count` goes up to a hundred, null where nobody counts."""

    code = serializers.CharField(read_only=True, help_text="What `lane` of the queue takes.")
    title = serializers.CharField(read_only=True)
    named = serializers.BooleanField(read_only=True, help_text="One of the policy, which a case can be brought into.")
    unattended = serializers.BooleanField(read_only=True, help_text="Nobody active sees what comes in there.")
    count = serializers.IntegerField(read_only=True, allow_null=True)


class ViewCount(serializers.Serializer[Any]):
    id = serializers.UUIDField(read_only=True)
    name = serializers.CharField(read_only=True)
    count = serializers.IntegerField(read_only=True, help_text="Up to a hundred.")


class NewsFilters(CaseFilters):
    since = serializers.IntegerField(
        required=False, min_value=0, max_value=2**63 - 1,
        help_text="`newest` of an answer before. Without it nothing is new.",
    )  # fmt: skip

    def changed(self, actor: User) -> QuerySet[Case] | None:
        """The cases with news; None where nothing is asked for. Raises ValidationError as `listing` does."""
        self.is_valid(raise_exception=True)
        since = self.validated_data.pop("since", None)
        self.listing(actor)  # refuses a lane that is not there
        asked = dict(self.validated_data)
        lane = asked.pop("lane", "") or "open"
        every = asked.pop("everything", False) or "clause" in asked
        if since is None:
            return None
        return narrow(changed_since(since, lane, actor, everything=every), asked, actor)


class NewsOutput(serializers.Serializer[Any]):
    """How many cases of a list are new or changed by others; ask again with `since=` what `newest` says."""

    count = serializers.IntegerField(read_only=True, help_text="Up to a hundred.")
    newest = serializers.IntegerField(read_only=True)


class Lanes(TeamEndpoint):
    @extend_schema(summary="The lanes of the queue", responses=LaneOutput(many=True))
    def get(self, request: SignedIn) -> Response:
        """Every lane that you may see, in their order, with how many cases wait there."""
        filters = QueueFilters(QueryDict(), viewer=request.user)
        found = count_lanes([code for code in filters.lanes if code not in UNCOUNTED], request.user, filters.stakes)
        nobody = {lane.code for lane in filters.choices[UNATTENDED]}
        lines = [
            {
                "code": code,
                "title": title,
                "named": code not in BEFORE | AFTER,
                "unattended": code in nobody,
                "count": found.get(code),
            }
            for code, title in filters.lanes.items()
        ]
        return Response(LaneOutput(lines, many=True).data)


class ViewCounts(TeamEndpoint):
    @extend_schema(summary="How much lies in your views", responses=ViewCount(many=True))
    def get(self, request: SignedIn) -> Response:
        """Your saved views, then those that others share, with how many cases each has for you."""
        filters = QueueFilters(QueryDict(), viewer=request.user)
        views = views_of(request.user, filters.lanes)
        counts = count_views(views, filters)
        lines = [{"id": one.public_id, "name": one.name, "count": counts[one.public_id.hex]} for one in views]
        return Response(ViewCount(lines, many=True).data)


class News(TeamEndpoint):
    @extend_schema(summary="What is new in a list", parameters=[NewsFilters], responses=NewsOutput)
    def get(self, request: SignedIn) -> Response:
        """How many cases of a lane, filtered as the queue is, are new or changed by others since an event.

        Cheap enough to ask every few seconds; `/events` pushes the same to pages.
        """
        filters = NewsFilters(data=request.query_params)
        # Before what is counted: what comes in between is new next time.
        newest = latest_event()
        rows = filters.changed(request.user)
        count = 0 if rows is None else rows[:MOST].count()
        return Response(NewsOutput({"count": count, "newest": newest}).data)
