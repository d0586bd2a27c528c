"""The queue and its cases, for programs (K1, D4)."""

import json
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpResponse, QueryDict
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.response import Response

from accounts.authentication import SignedIn
from accounts.models import User
from foundation.api import CleanTextField, ErrorOutput, KeysetPagination, checked, idempotency_key
from foundation.pages import page
from moderation.cases.actions import claim, claim_next, release
from moderation.cases.api.base import KEY, TeamEndpoint, find_to_change
from moderation.cases.api.rows import listed, walked
from moderation.cases.api.shapes import CaseRow
from moderation.cases.lanes import AFTER, BEFORE, Listing, in_lane, named_lanes
from moderation.cases.models import Case, CaseReport
from moderation.cases.queries import claimed, open_to, unclaimed
from moderation.cases.queue_forms import DUE, is_due
from moderation.cases.searching import about_words
from moderation.cases.stakes import Stakes, stakes_of
from moderation.cases.walks import COLUMNS
from moderation.policy.api import ClauseField
from moderation.policy.models import Clause
from moderation.reports.models import Report
from moderation.scoring.secrecy import sees_thresholds
from moderation.subjects.models import TARGETS


class CaseFilters(serializers.Serializer[Any]):
    lane = CleanTextField(
        longest=40,
        required=False,
        help_text="A lane of the queue, in its own order: `open`, `mine`, `unclaimed`, `second`, `appeals`, "
        "`answered`, `waiting`, `decided`, or the code of a named one.",
    )
    state = serializers.ChoiceField(
        choices=Case.State.choices, required=False, help_text="Without a lane: `open` unless you say otherwise."
    )
    q = CleanTextField(longest=200, required=False, help_text="Words of what was reported, names, or an id.")
    clause = ClauseField(required=False)
    kind = serializers.ChoiceField(choices=TARGETS, required=False, help_text="What the case is about.")
    assignee = CleanTextField(
        longest=150, required=False, help_text="A username, `me`, or `none` for cases that nobody holds now."
    )
    language = serializers.RegexField(r"^[a-z-]{2,10}\Z", required=False, help_text="ISO 639-1, such as `th`.")
    track = serializers.ChoiceField(choices=Clause.Track.choices, required=False)
    due = serializers.ChoiceField(
        choices=list(DUE), required=False, help_text="Deadlines that `passed`, pass `soon`, or `any`."
    )
    channel = serializers.ChoiceField(choices=Report.Channel.choices, required=False, help_text="A report came by it.")
    everything = serializers.BooleanField(
        required=False, help_text="With a lane: also what you opted out of (see your settings)."
    )

    def listing(self, actor: User) -> Listing:
        """The cases that fit, in the order of their lane. Raises ValidationError for a filter that makes no sense."""
        self.is_valid(raise_exception=True)
        asked = dict(self.validated_data)
        lane, every = asked.pop("lane", ""), asked.pop("everything", False) or "clause" in asked
        own = stakes_of(actor)
        if not lane:
            asked.setdefault("state", Case.State.OPEN)
            found = Listing(open_to(Case.objects.all(), actor, own))
        else:
            _require_lane(lane, actor, own)
            found = in_lane(lane, actor, everything=every, stakes=own)
        return found.map(lambda rows: narrow(rows, asked, actor))


def narrow(rows: QuerySet[Case], asked: dict[str, Any], actor: User) -> QuerySet[Case]:
    """`rows` that fit what was asked besides the lane; takes words, deadline, channel and names out of `asked`."""
    assignee = asked.pop("assignee", "")
    if words := asked.pop("q", ""):
        rows = rows.filter(about_words(words, actor=actor))
    if due := asked.pop("due", ""):
        rows = rows.filter(is_due(due))
    if channel := asked.pop("channel", ""):
        rows = rows.filter(Exists(CaseReport.objects.filter(case=OuterRef("pk"), report__channel=channel)))
    if "kind" in asked:
        asked["subject_kind"] = asked.pop("kind")
    rows = rows.filter(**asked)
    if assignee == "none":
        return unclaimed(rows)
    if assignee == "me":
        return claimed(rows, actor)
    return claimed(rows).filter(assignee__username__iexact=assignee) if assignee else rows


class Cases(TeamEndpoint):
    pagination_class = KeysetPagination

    @extend_schema(summary="The queue", parameters=[CaseFilters], responses=CaseRow(many=True))
    def get(self, request: SignedIn) -> HttpResponse:
        """Cases in the order of the queue: what should be looked at first comes first. Without a filter the open ones.

        Cases about the person who asks are left out.
        """
        query, site = request._request.GET, _site(request)
        rows, further = _page(query, request.user, site)
        following = json.dumps(f"{site}{request._request.path}?{further}" if further else None)
        return HttpResponse(f'{{"next":{following},"results":{rows}}}', content_type="application/json")


def _page(query: QueryDict, actor: User, site: str) -> tuple[str, str]:
    """The rows of the page that is asked for, in JSON, and the query string of the next one.

    Raises ValidationError for a filter that makes no sense.
    """
    asked = _asked(query)
    if "kind" in asked:
        asked["subject_kind"] = asked.pop("kind")
    if not asked.keys() <= {"lane", "state", "everything", *COLUMNS}:
        listing = CaseFilters(data=query).listing(actor)
        names = [name.removeprefix("-") for name in listing.order]
        found = page(listing.rows.only(*names), query, order=listing.order, size=KeysetPagination.size)
        return listed([case.pk for case in found.rows], site, exact=sees_thresholds(actor)), found.next
    own = stakes_of(actor)
    lane = asked.get("lane", "")
    if lane:
        _require_lane(lane, actor, own)
    clause: Clause | None = asked.get("clause")
    equal = {name: clause.pk if name == "clause" and clause else asked[name] for name in COLUMNS if asked.get(name)}
    return walked(
        actor,
        own,
        query,
        site,
        lane=lane,
        state=asked.get("state", "" if lane else Case.State.OPEN.value),
        everything=asked.get("everything", False) or clause is not None,
        equal=equal,
        size=KeysetPagination.size,
    )


def _asked(query: QueryDict) -> dict[str, Any]:
    """What `query` asks for, of CaseFilters. Raises ValidationError."""
    if "clause" in query:  # which is read from the database
        return checked(CaseFilters, query)
    return dict(_read(tuple((name, query[name]) for name in query if name != "after")))


@lru_cache(maxsize=1_000)
def _read(sent: tuple[tuple[str, str], ...]) -> dict[str, Any]:
    """Kept, because pages are asked for again and again with the same filters, and the fields look at nothing else."""
    return checked(CaseFilters, QueryDict(urlencode(sent)))


def _require_lane(code: str, actor: User, own: Stakes) -> None:
    if code not in BEFORE and code not in AFTER and code not in {one.code for one in named_lanes(actor, own)}:
        raise serializers.ValidationError({"lane": [_("There is no such lane.")]})


class ClaimCase(TeamEndpoint):
    @extend_schema(summary="Claim a case", request=None, responses={200: CaseRow, 409: ErrorOutput})
    def post(self, request: SignedIn, case_id: UUID) -> HttpResponse:
        """Take the case for ten minutes; claiming an own one renews it. 409 when somebody else holds it."""
        case, _own = find_to_change(case_id, request.user)
        return _row(claim(case, actor=request.user), request)


class ReleaseCase(TeamEndpoint):
    @extend_schema(summary="Release a case", request=None, responses=CaseRow)
    def post(self, request: SignedIn, case_id: UUID) -> HttpResponse:
        """Give an own claim back; one of somebody else stays."""
        case, _own = find_to_change(case_id, request.user)
        release(case, actor=request.user)
        return _row(case, request)


class NextCase(TeamEndpoint):
    @extend_schema(
        summary="Claim the next case",
        parameters=[KEY],
        request=None,
        responses={200: CaseRow, 204: OpenApiResponse(description="Nothing waits.")},
    )
    def post(self, request: SignedIn) -> HttpResponse:
        """Claim the first case of the queue that nobody holds; sent again under its key, the same while you hold it."""
        case = claim_next(actor=request.user, request_id=idempotency_key(request, None, request.user.public_id))
        if case is None:
            return Response(status=status.HTTP_204_NO_CONTENT)
        return _row(case, request)


def _row(case: Case, request: SignedIn) -> HttpResponse:
    """The case as the queue shows it now; one query."""
    shown = listed([case.pk], _site(request), exact=sees_thresholds(request.user))
    return HttpResponse(shown.removeprefix("[").removesuffix("]"), content_type="application/json")


def _site(request: SignedIn) -> str:
    """Where our addresses begin."""
    return request.build_absolute_uri("/").removesuffix("/")
