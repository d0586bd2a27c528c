"""How good classifiers are on our own decisions, and for whom, for programs (K1, H6, H8, H9)."""

from typing import IO, Any
from uuid import UUID

from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.parsers import BaseParser
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.authentication import HasScope, SignedIn
from classifiers.evaluation.measuring import How
from foundation.api import CleanTextField, ErrorOutput, KeysetPagination, checked, idempotency_key
from foundation.errors import Refused
from foundation.parsers import BodyTooLarge
from moderation.automation.quality import queries
from moderation.automation.quality.figures import (
    Calibration,
    Measured,
    Share,
    Suggestion,
    calibration,
    measured,
    suggest,
)
from moderation.cases.api.base import KEY, InTeam, TeamEndpoint
from moderation.scoring.bias import ask
from moderation.scoring.bias.asking import MOST_BYTES, MOST_ROWS
from moderation.scoring.models import BiasReport, Classifier
from moderation.scoring.secrecy import require_thresholds


class SeesThresholds(InTeam):
    """Somebody of the team who may see exact scores and thresholds (H6)."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not super().has_permission(request, view):
            return False
        require_thresholds(request.user)
        return True


class FiguresEndpoint(TeamEndpoint):
    permission_classes = (IsAuthenticated, HasScope, SeesThresholds)


class ShareOutput(serializers.Serializer[Share]):
    part = serializers.IntegerField(read_only=True)
    whole = serializers.IntegerField(read_only=True)
    value = serializers.FloatField(read_only=True, allow_null=True, help_text="Part of whole; null for none of none.")
    interval = serializers.ListField(
        child=serializers.FloatField(), read_only=True, help_text="Wilson's, with a confidence of 95 %."
    )


class MeasuredOutput(serializers.Serializer[Measured]):
    """A label under one threshold, on what was reported, scored and decided by a person."""

    label = serializers.CharField(source="of.label", read_only=True)  # type: ignore[assignment]
    threshold = serializers.FloatField(source="of.threshold", read_only=True)
    confident_threshold = serializers.FloatField(source="of.confident_threshold", read_only=True)
    decided = serializers.IntegerField(source="of.decided", read_only=True)
    positive = serializers.IntegerField(source="of.positive", read_only=True, help_text="Violations among them.")
    precision = ShareOutput(read_only=True)
    recall = ShareOutput(read_only=True)
    confident = ShareOutput(read_only=True, help_text="Precision from the confident threshold on.")


class ClassifierOutput(serializers.ModelSerializer[Classifier]):
    """One version of a classifier with its labels as our own decisions judge them."""

    measured = serializers.SerializerMethodField()

    class Meta:
        model = Classifier
        fields = ("code", "name", "version", "kind", "engine", "model", "revision", "state", "state_since", "measured")
        read_only_fields = fields

    @extend_schema_field(MeasuredOutput(many=True))
    def get_measured(self, row: Classifier) -> Any:
        return MeasuredOutput(self.context["measured"].get(row.code, []), many=True).data


class EstimateOutput(serializers.Serializer[Any]):
    value = serializers.FloatField(read_only=True, allow_null=True)
    low = serializers.FloatField(read_only=True, allow_null=True)
    high = serializers.FloatField(read_only=True, allow_null=True)
    why = serializers.CharField(read_only=True, help_text="Why there is none.")


class BinOutput(serializers.Serializer[Any]):
    low = serializers.FloatField(read_only=True)
    high = serializers.FloatField(read_only=True)
    rows = serializers.IntegerField(read_only=True)
    positive = serializers.IntegerField(read_only=True)
    mean = serializers.FloatField(read_only=True, allow_null=True)
    share = serializers.FloatField(read_only=True, allow_null=True)


class CalibrationOutput(serializers.Serializer[Calibration]):
    decided = serializers.IntegerField(read_only=True)
    positive = serializers.IntegerField(read_only=True)
    bins = BinOutput(many=True, read_only=True)
    error = EstimateOutput(read_only=True)
    auroc = EstimateOutput(read_only=True)


class SuggestionOutput(serializers.Serializer[Suggestion]):
    """The lowest threshold that reaches the target on our own decisions; nothing is changed by asking."""

    target = serializers.FloatField(read_only=True)
    threshold = serializers.FloatField(
        source="chosen.threshold", read_only=True, allow_null=True, default=None, help_text="Null: none reaches it."
    )
    precision = ShareOutput(read_only=True)
    recall = ShareOutput(read_only=True)
    cases = serializers.IntegerField(
        read_only=True, help_text="Things scored in the last 30 days that it would have flagged: a case each."
    )
    scored = serializers.IntegerField(read_only=True, help_text="Things scored in the last 30 days.")


class LabelOutput(serializers.Serializer[Any]):
    calibration = CalibrationOutput(read_only=True, allow_null=True, help_text="Null: nothing is decided yet.")
    suggestion = SuggestionOutput(read_only=True, allow_null=True)


class LabelFilters(serializers.Serializer[Any]):
    target = serializers.FloatField(
        min_value=0.5, max_value=1, default=0.9, help_text="The precision that a threshold is to have."
    )


class BiasReportOutput(serializers.ModelSerializer[BiasReport]):
    """A report; `figures` as `manage.py bias_report --json` writes them, null while it waits or was refused."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    classifier = serializers.CharField(source="classifier.code", read_only=True)
    asked_by = serializers.CharField(source="asked_by.username", read_only=True)
    revision = serializers.CharField(
        source="revision.fingerprint", read_only=True, allow_null=True, default=None, help_text="What scored (H7)."
    )
    how = serializers.DictField(read_only=True)
    figures = serializers.DictField(read_only=True, allow_null=True)

    class Meta:
        model = BiasReport
        fields = (
            "id", "classifier", "file", "sha256", "asked_by", "created_at", "done_at", "revision", "how", "refusal",
            "figures",
        )  # fmt: skip
        read_only_fields = fields


class LabelledFile(serializers.Serializer[Any]):
    """How a file that is sent as the body is read; see docs/evaluation.md."""

    name = CleanTextField(longest=200, help_text="What the file is called: .jsonl is JSON lines, all else is CSV.")
    label = serializers.SlugField(  # type: ignore[assignment]
        max_length=40, default="toxicity", help_text="Of the classifier."
    )
    text = CleanTextField(longest=100, default="text", help_text="The column with the texts.")
    column = CleanTextField(longest=100, default="label", help_text="The column with the truth.")
    term_column = CleanTextField(
        longest=100, default="", allow_blank=True, help_text="The column with the groups that a text names."
    )
    true = CleanTextField(longest=100, default="", allow_blank=True, help_text="What means yes, where it is not 1.")
    false = CleanTextField(longest=100, default="", allow_blank=True, help_text="What means no, where it is not 0.")
    sample = serializers.IntegerField(min_value=1, max_value=MOST_ROWS, default=4_000)
    seed = serializers.IntegerField(min_value=0, max_value=2**31, default=0)


class LabelledFileParser(BaseParser):
    """The body as it is, up to the size that is measured."""

    media_type = "application/octet-stream"

    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None) -> Any:
        content: bytes = stream.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise BodyTooLarge(_("This is too large: send at most %(size)s bytes.") % {"size": MOST_BYTES})
        return content


class Classifiers(FiguresEndpoint):
    @extend_schema(summary="Classifiers and their precision", responses=ClassifierOutput(many=True))
    def get(self, request: SignedIn) -> Response:
        """Every version that is or was configured, with what people said of what it flagged.

        Only what was reported is scored, and only what was decided is counted: neither is a sample of all content.
        """
        of: dict[str, list[Measured]] = {}
        for one in measured():
            of.setdefault(one.of.classifier, []).append(one)
        return Response(ClassifierOutput(queries.versions(), many=True, context={"measured": of}).data)


class OneLabel(FiguresEndpoint):
    @extend_schema(
        summary="A label on our own decisions",
        parameters=[LabelFilters],
        responses={200: LabelOutput, 404: ErrorOutput},
    )
    def get(self, request: SignedIn, code: str, label: str) -> Response:
        """Its calibration, and the threshold that reaches a target precision with the recall that it has."""
        row, asked = _find(code), checked(LabelFilters, request.query_params)
        found = calibration(row.code, label)
        if found is None and label not in queries.labels_of(row):
            raise Refused(_("There is no such label."), code="not_found", status=404)
        suggestion = suggest(row.code, label, asked["target"]) if found else None
        return Response(LabelOutput({"calibration": found, "suggestion": suggestion}).data)


class BiasReports(FiguresEndpoint):
    parser_classes = (LabelledFileParser,)
    pagination_class = KeysetPagination
    order = ("-id",)

    @extend_schema(
        summary="How a classifier treats groups",
        responses={200: BiasReportOutput(many=True), 400: ErrorOutput, 404: ErrorOutput},
    )
    def get(self, request: SignedIn, code: str) -> Response:
        """The reports of a version, the newest first."""
        return self.page_of(queries.bias_reports(_find(code)), BiasReportOutput)

    @extend_schema(
        summary="Measure how a classifier treats groups",
        parameters=[LabelledFile, KEY],
        request={"application/octet-stream": OpenApiTypes.BINARY},
        responses={202: BiasReportOutput, 400: ErrorOutput, 404: ErrorOutput, 409: ErrorOutput},
    )
    def post(self, request: SignedIn, code: str) -> Response:
        """Send labelled texts as the body, at most 16 MB of CSV or JSON lines; a worker measures, see the report.

        The same request sent again is answered with the report it asked for. 409 for a classifier that reads no
        texts, and while enough reports wait (`busy`).
        """
        row, asked = _find(code), checked(LabelledFile, request.query_params)
        key = idempotency_key(request, None, request.user.public_id)
        if key and (known := queries.bias_report(key)) and known.classifier_id == row.pk:
            return Response(BiasReportOutput(known).data, status=status.HTTP_202_ACCEPTED)
        name = asked.pop("name")
        for word in ("true", "false"):
            said = asked.pop(word).strip().casefold()
            if said:
                asked[word] = (said,)
        data: Any = request.data
        content = data if isinstance(data, bytes) else b""  # a body of no length is no bytes
        report = ask(row, name, content, How(**asked), actor=request.user, request_id=key)
        return Response(BiasReportOutput(report).data, status=status.HTTP_202_ACCEPTED)


class OneBiasReport(FiguresEndpoint):
    @extend_schema(summary="A bias report", responses={200: BiasReportOutput, 404: ErrorOutput})
    def get(self, request: SignedIn, report_id: UUID) -> Response:
        """One report with its figures, once a worker measured it."""
        report = queries.bias_report(report_id)
        if report is None:
            raise Refused(_("There is no such report."), code="not_found", status=404)
        return Response(BiasReportOutput(report).data)


def _find(code: str) -> Classifier:
    row = queries.version(code)
    if row is None:
        raise Refused(_("There is no such version of a classifier."), code="not_found", status=404)
    return row
