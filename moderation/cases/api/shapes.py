"""How cases and their parts look to programs of the team."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Prefetch, QuerySet
from rest_framework import serializers

from foundation.api import built
from foundation.compiled import Compiled
from moderation.cases.events import unseal
from moderation.cases.models import Case, Confirmation, Decision, Event
from moderation.reports.models import Report
from moderation.sanctions.api import MeasureOutput, new_measure_shown
from moderation.sanctions.models import Measure
from moderation.scoring.models import Score
from moderation.scoring.secrecy import sees_thresholds
from moderation.subjects.api import SubjectOutput
from moderation.subjects.models import Snapshot

MOST_LOOKS = 50


def sees_exactly(context: Mapping[str, Any]) -> bool:
    """Whether whoever asks may see exact scores; nobody who is not known may (H6)."""
    request = context.get("request")
    return request is not None and sees_thresholds(request.user)


class EventOutput(serializers.ModelSerializer[Event]):
    actor = serializers.CharField(source="actor.username", read_only=True)
    data = serializers.DictField(  # type: ignore[assignment]
        read_only=True,
        help_text="Ids and codes; digests of the text, and of a row as it was found before it was changed.",
    )
    text = serializers.SerializerMethodField(help_text="Empty when there is none, or when it was erased.")

    class Meta:
        model = Event
        fields: tuple[str, ...] = ("number", "kind", "actor", "case_version", "at", "data", "text")
        read_only_fields = fields

    def get_text(self, event: Event) -> str:
        sealed = getattr(event, "sealed", None)
        return unseal(sealed) if sealed else ""


class ScoreOutput(serializers.ModelSerializer[Score]):
    """What a classifier said. Without the permission to see scores and thresholds these are null (H6)."""

    value = serializers.SerializerMethodField(method_name="shown_value")
    threshold = serializers.SerializerMethodField(method_name="shown_threshold")
    classifier = serializers.CharField(source="revision.name", read_only=True)
    version = serializers.CharField(source="revision.head_version", read_only=True)

    class Meta:
        model = Score
        fields = ("label", "value", "threshold", "over", "confident", "start", "end", "classifier", "version")
        read_only_fields = fields

    def shown_value(self, score: Score) -> float | None:
        return score.value if sees_exactly(self.context) else None

    def shown_threshold(self, score: Score) -> float | None:
        return score.threshold if sees_exactly(self.context) else None


class SnapshotOutput(serializers.ModelSerializer[Snapshot]):
    """What was reported, as it was then; `start` and `end` of its scores count characters of `content`."""

    scores = ScoreOutput(many=True, read_only=True)
    content = serializers.CharField(read_only=True)

    class Meta:
        model = Snapshot
        fields = ("part", "revision", "content", "author_name", "language", "taken_at", "scores")
        read_only_fields = fields


class CaseReportOutput(serializers.ModelSerializer[Report]):
    id = serializers.UUIDField(source="public_id", read_only=True)
    reporter = serializers.CharField(source="reporter.username", read_only=True)
    clause = serializers.CharField(source="clause.code", read_only=True)

    class Meta:
        model = Report
        fields = ("id", "reporter", "clause", "ground", "text", "confidential", "channel", "state", "created_at")
        read_only_fields = fields


class DecisionOutput(serializers.ModelSerializer[Decision]):
    id = serializers.UUIDField(source="public_id", read_only=True)
    case = serializers.UUIDField(source="case.public_id", read_only=True)
    clause = serializers.CharField(source="clause.code", read_only=True, allow_null=True, default=None)
    policy_version = serializers.IntegerField(source="policy_version.number", read_only=True)
    actor = serializers.CharField(source="actor.username", read_only=True)
    measures = MeasureOutput(many=True, read_only=True)
    waiting = serializers.SerializerMethodField(help_text="Whether a second moderator has to confirm it.")
    undone_by = serializers.CharField(source="undone_by.username", read_only=True, allow_null=True, default=None)
    explanation = serializers.SerializerMethodField()
    overturned = serializers.ChoiceField(
        choices=Decision.Overturned.choices, allow_blank=True, read_only=True, help_text="On an appeal, if it was."
    )

    conditions = serializers.SerializerMethodField(help_text="Under which the repository stays from then on.")

    class Meta:
        model = Decision
        fields = (
            "id", "case", "outcome", "clause", "policy_version", "interim", "actor", "measures", "conditions",
            "explanation", "decided_at", "waiting", "undone_at", "undone_by", "overturned", "overturned_at",
        )  # fmt: skip
        read_only_fields = fields

    def get_conditions(self, decision: Decision) -> list[str]:
        return list(decision.event.data.get("conditions", ()))

    def get_waiting(self, decision: Decision) -> bool:
        confirmation = getattr(decision, "confirmation", None)
        return confirmation is not None and confirmation.state == Confirmation.State.WAITING

    def get_explanation(self, decision: Decision) -> str:
        sealed = getattr(decision.event, "sealed", None)
        return unseal(sealed) if sealed else ""


class CaseRow(serializers.ModelSerializer[Case]):
    """A case as lists show it."""

    points = serializers.SerializerMethodField(
        help_text="Priority without waiting time; null for whoever may not see scores, which it holds."
    )
    id = serializers.UUIDField(source="public_id", read_only=True)
    subject = SubjectOutput(read_only=True)
    clause = serializers.CharField(source="clause.code", read_only=True)
    lane = serializers.CharField(
        source="lane.code", read_only=True, allow_null=True, default=None, help_text="A named lane, null for none."
    )
    parked = serializers.ChoiceField(
        choices=Case.Parked.choices, allow_blank=True, read_only=True, help_text="Whom it waits for, if anybody."
    )
    assignee = serializers.CharField(source="assignee.username", read_only=True, allow_null=True, default=None)

    class Meta:
        model = Case
        fields: tuple[str, ...] = (
            "id", "kind", "state", "subject", "clause", "language", "version", "points", "report_count", "assignee",
            "lease_until", "opened_at", "due_at", "decided_at", "track", "lane", "at_risk", "parked", "parked_until",
        )  # fmt: skip
        read_only_fields = fields

    def get_points(self, case: Case) -> float | None:
        return case.points if sees_exactly(self.context) else None


WHO = ("clause", "actor", "person", "lifted_by", "part_of")


def decisions() -> QuerySet[Decision]:
    """Decisions with all that their shape shows, in two queries."""
    return _joined().prefetch_related(Prefetch("measures", _measures()))


def decision_shown(decision: Decision, explanation: str) -> dict[str, Any]:
    """A decision that was just made, or made before, in these words, in its shape; at most two queries."""
    if decision.taken is not None:
        return _new(decision, decision.taken, explanation)
    (decision,), measures = _one(decision.pk), _taken_by(decision.pk)
    decision._prefetched_objects_cache = {"measures": measures}  # type: ignore[attr-defined]
    shown: dict[str, Any] = built(DecisionOutput).to_representation(decision)
    return shown


def _new(decision: Decision, measures: Sequence[Measure], explanation: str) -> dict[str, Any]:
    """What DecisionOutput says of a new one that nobody has to confirm; a test holds both to the same words."""
    return {
        "id": str(decision.public_id),
        "case": str(decision.case.public_id),
        "outcome": str(decision.outcome),
        "clause": decision.clause.code if decision.clause else None,
        "policy_version": decision.policy_version.number,
        "interim": decision.interim,
        "actor": decision.actor.username,
        "measures": [new_measure_shown(one) for one in measures],
        "conditions": list(decision.event.data.get("conditions", ())),
        "explanation": explanation,
        "decided_at": _MOMENT.to_representation(decision.decided_at),
        "waiting": False,
        "undone_at": None,
        "undone_by": None,
        "overturned": "",
        "overturned_at": None,
    }


_MOMENT = serializers.DateTimeField()


def _joined() -> QuerySet[Decision]:
    return Decision.objects.select_related(
        "case", "clause", "policy_version", "actor", "undone_by", "confirmation", "event__sealed__key"
    )


def _measures() -> QuerySet[Measure]:
    return Measure.objects.select_related(*WHO).order_by("pk")


@Compiled
def _one(key: int) -> QuerySet[Decision]:
    return _joined().filter(pk=key)


@Compiled
def _taken_by(decision: int) -> QuerySet[Measure]:
    return _measures().filter(decisions=decision)
