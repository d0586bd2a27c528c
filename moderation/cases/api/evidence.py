"""What was reported beside what it is now, for programs: snapshot, scores, differences, odd letters (K1, D4, D5)."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.authentication import SignedIn
from foundation.api import CleanTextField, checked
from foundation.diff import Line
from moderation.cases.api.base import TeamEndpoint, find_case
from moderation.cases.api.shapes import ScoreOutput
from moderation.cases.comfort import is_harmful
from moderation.cases.overview import evidence_of
from moderation.cases.overview.content import Evidence
from moderation.subjects.models import Snapshot


class EvidenceFilters(serializers.Serializer[Any]):
    snapshot = CleanTextField(longest=20, required=False, help_text="Id of another snapshot than the newest.")
    label = CleanTextField(  # type: ignore[assignment]
        longest=40, required=False, help_text="Mark what was scored under this label."
    )


class SnapshotRow(serializers.ModelSerializer[Snapshot]):
    class Meta:
        model = Snapshot
        fields = ("id", "part", "revision", "author_name", "language", "taken_at", "sealed", "erased")
        read_only_fields = fields


class PartOutput(serializers.Serializer[Any]):
    changed = serializers.SerializerMethodField()
    text = serializers.SerializerMethodField()

    def get_changed(self, part: tuple[bool, str]) -> bool:
        return part[0]

    def get_text(self, part: tuple[bool, str]) -> str:
        return part[1]


class DifferenceOutput(serializers.Serializer[Line]):
    """A line: `same`, `gone`, `new`, or `gap` for lines left out."""

    kind = serializers.ChoiceField(choices=["same", "gone", "new", "gap"], read_only=True)
    parts = PartOutput(many=True, read_only=True)


class RemarkOutput(serializers.Serializer[Any]):
    """Words that do not read as they look: from `start` to before `end`, and what is odd about them."""

    start = serializers.SerializerMethodField()
    end = serializers.SerializerMethodField()
    what = serializers.SerializerMethodField()

    def get_start(self, remark: tuple[int, int, str]) -> int:
        return remark[0]

    def get_end(self, remark: tuple[int, int, str]) -> int:
        return remark[1]

    def get_what(self, remark: tuple[int, int, str]) -> str:
        return remark[2]


class EvidenceOutput(serializers.Serializer[Evidence]):
    """One snapshot with its text; `start` and `end` count characters of `content`. Sealed ones come without words."""

    snapshots = SnapshotRow(many=True, read_only=True, help_text="Of which reports, newest first, at most twenty.")
    snapshot = SnapshotRow(read_only=True, help_text="The one that is shown here.")
    content = serializers.CharField(source="snapshot.content", read_only=True)
    now = serializers.CharField(read_only=True, help_text="What it says now; what was reported, where `closed`.")
    closed = serializers.BooleanField(
        read_only=True, help_text="It is private now: open an inspection to read what it says."
    )
    changes = DifferenceOutput(many=True, read_only=True)
    scores = ScoreOutput(many=True, read_only=True, help_text="Highest first, for who may see scores.")
    unread = serializers.ListField(
        child=serializers.CharField(),
        read_only=True,
        help_text="Classifiers that could not look into it; that is no sign that it is harmless.",
    )
    start = serializers.SerializerMethodField(help_text="Where the scored words begin; null: all of it, or nothing.")
    end = serializers.SerializerMethodField(help_text="The character after the last of them.")
    remarks = RemarkOutput(many=True, read_only=True)
    flagged = serializers.BooleanField(source="harmful", read_only=True, help_text="A classifier flagged it.")

    def get_start(self, found: Evidence) -> int | None:
        return found.mark[0]

    def get_end(self, found: Evidence) -> int | None:
        return found.mark[1]


class FoundOutput(serializers.Serializer[Any]):
    """`harmful` says whether showing it counts as an exposure: see `reveal`."""

    evidence = EvidenceOutput(read_only=True, allow_null=True, help_text="Null for a case without reports.")
    harmful = serializers.BooleanField(read_only=True)


class CaseEvidence(TeamEndpoint):
    @extend_schema(
        summary="What was reported, beside what it is now", parameters=[EvidenceFilters], responses=FoundOutput
    )
    def get(self, request: SignedIn, case_id: UUID) -> Response:
        """The reported snapshot, what classifiers said of it, and how it changed since."""
        case = find_case(case_id, request.user)
        wanted = checked(EvidenceFilters, request.query_params)
        asked = {"snapshot_id": wanted.get("snapshot", ""), "label": wanted.get("label", "")}
        found = evidence_of(case, request.user, **asked)
        sealed = bool(case.lane and case.lane.sealed)
        harmful = found is not None and not sealed and is_harmful(case, found.harmful)
        return Response(FoundOutput({"evidence": found, "harmful": harmful}, context={"request": request}).data)
