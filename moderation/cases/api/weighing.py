"""What a decision is weighed by, for programs: priority, possible measures, the owner's time, history (K1, D2, D4)."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.authentication import SignedIn
from foundation import clock
from moderation.cases import overview
from moderation.cases.api.base import TeamEndpoint, find_case
from moderation.cases.api.shapes import sees_exactly
from moderation.cases.clocks import State
from moderation.cases.erasing_paths import AtStake, FileAtStake, at_stake
from moderation.cases.models import Case
from moderation.cases.overview.options import Option, Reader
from moderation.cases.overview.questions import Questions
from moderation.cases.overview.window import Window
from moderation.cases.priority import SCORE, Point, explain
from moderation.cases.strikes import advice
from moderation.sanctions.api import MeasureOutput
from moderation.sanctions.ladder import Suggestion
from moderation.sanctions.models import Measure
from repositories.models import Gating

STATES = [one.value for one in State]


class PointOutput(serializers.Serializer[Point]):
    """A term of the priority: what it gives, at most how much (null: no limit), and why in words."""

    code = serializers.CharField(read_only=True)
    points = serializers.SerializerMethodField(help_text="Null for the score, without the permission to see it.")
    weight = serializers.FloatField(read_only=True)
    most = serializers.FloatField(read_only=True, allow_null=True)
    why = serializers.CharField(read_only=True)

    def get_points(self, point: Point) -> float | None:
        return None if point.code == SCORE and not sees_exactly(self.context) else point.points


class PriorityOutput(serializers.Serializer[Any]):
    total = serializers.FloatField(
        read_only=True, allow_null=True, help_text="Null without the permission to see the score, which it holds."
    )
    points = PointOutput(many=True, read_only=True)


class ReaderOutput(serializers.Serializer[Reader]):
    person = serializers.CharField(source="person.username", read_only=True)
    language = serializers.CharField(source="person.language", read_only=True)


class OptionOutput(serializers.Serializer[Option]):
    """A measure that fits; `consequence` is what those who are told will read."""

    kind = serializers.ChoiceField(source="kind.code", choices=Measure.Kind.choices, read_only=True)
    label = serializers.CharField(source="kind.label", read_only=True)  # type: ignore[assignment]
    help = serializers.CharField(source="kind.help", read_only=True)
    consequence = serializers.CharField(read_only=True)
    chooses_end = serializers.BooleanField(
        source="kind.chooses_end", read_only=True, help_text="`hours` or `ends_at` can be chosen for it."
    )
    told = ReaderOutput(many=True, read_only=True)
    stands = serializers.UUIDField(
        source="stands.public_id", read_only=True, allow_null=True, default=None,
        help_text="The interim measure of a rule that choosing it confirms.",
    )  # fmt: skip
    guarded = serializers.BooleanField(read_only=True, help_text="Under some clauses a second moderator confirms it.")
    waits = serializers.SerializerMethodField(help_text="Before the owner was heard it needs an `override`.")

    explained = serializers.SerializerMethodField(
        help_text="It needs an `insufficient`: why a request to the owner does not suffice."
    )

    def get_explained(self, option: Option) -> bool:
        window: Window = self.context["window"]
        return option.kind in window.explained

    def get_waits(self, option: Option) -> bool:
        window: Window = self.context["window"]
        return window.waits and option.kind in window.restrained


class WindowOutput(serializers.Serializer[Window]):
    """How the owner's time to answer stands."""

    moderated = serializers.BooleanField(read_only=True, help_text="The owner is heard before we act.")
    state = serializers.ChoiceField(choices=STATES, read_only=True)
    until = serializers.DateTimeField(read_only=True, allow_null=True)
    askable = serializers.BooleanField(read_only=True, help_text="There is somebody to ask.")


class LadderOutput(serializers.Serializer[Suggestion]):
    """Which sanction the history of the person suggests, and why; any other can be chosen."""

    kind = serializers.ChoiceField(source="kind.code", choices=Measure.Kind.choices, read_only=True)
    sentence = serializers.CharField(read_only=True)


class FileAtStakeOutput(serializers.Serializer[FileAtStake]):
    path = serializers.CharField(read_only=True)
    clauses = serializers.ListField(
        child=serializers.CharField(), read_only=True, help_text="Titles of those under which it was reported."
    )


class AtStakeOutput(serializers.Serializer[AtStake]):
    """Files that erasing would destroy: those reported under the clause of the decision, or all where none was."""

    files = FileAtStakeOutput(many=True, read_only=True, help_text="At most twenty, by path.")
    more = serializers.BooleanField(read_only=True, help_text="There are others.")


class OptionsOutput(serializers.Serializer[Any]):
    ladder = LadderOutput(read_only=True, allow_null=True, help_text="Null where there is nobody to sanction.")
    measures = OptionOutput(many=True, read_only=True, help_text="Mildest first; none for a decided case.")
    at_stake = AtStakeOutput(
        read_only=True, allow_null=True, help_text="Null for what is no repository, and where names are locked away."
    )
    owner = WindowOutput(read_only=True)


class QuestionsOutput(serializers.Serializer[Questions]):
    """What its card and its files say of the repository that the case is about, or (`itself` is false) lies in."""

    repository = serializers.CharField(source="home.full_name", read_only=True)
    itself = serializers.BooleanField(read_only=True)
    license = serializers.CharField(source="home.license", read_only=True, allow_blank=True)
    documented = serializers.ListField(child=serializers.CharField(), read_only=True)
    missing = serializers.ListField(child=serializers.CharField(), read_only=True)
    signals = serializers.SerializerMethodField(help_text="What its files declare about safety, in words.")
    categories = serializers.SerializerMethodField(help_text="Ethical categories that its card claims.")
    consents = serializers.BooleanField(read_only=True, help_text="It says that the people in it agreed.")
    gated = serializers.BooleanField(read_only=True)
    gating = serializers.ChoiceField(source="home.gating", choices=Gating.choices, read_only=True)
    bases = serializers.SerializerMethodField(help_text="Models it was built on, at most ten.")
    datasets = serializers.SerializerMethodField(help_text="At most ten.")
    built_on_it = serializers.IntegerField(source="lineage.built_on_it", read_only=True, help_text="Up to 1,000.")
    likes = serializers.IntegerField(source="home.likes", read_only=True)
    downloads = serializers.IntegerField(source="home.downloads", read_only=True)
    activity = serializers.FloatField(read_only=True, help_text="Likes and downloads of these weeks.")

    def get_signals(self, found: Questions) -> list[str]:
        return [one.detail for one in found.signals]

    def get_categories(self, found: Questions) -> list[str]:
        return [one.slug for one in found.categories]

    def get_bases(self, found: Questions) -> list[str]:
        return [one.name for one in found.lineage.bases]

    def get_datasets(self, found: Questions) -> list[str]:
        return [one.name for one in found.lineage.datasets]


class LineOfMeasure(serializers.Serializer[Any]):
    measure = MeasureOutput(read_only=True)
    stands = serializers.BooleanField(read_only=True, help_text="It holds now.")
    here = serializers.BooleanField(read_only=True, help_text="It is about the same thing.")


class AroundOutput(serializers.Serializer[Any]):
    """A comment before or after the one that was reported."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    author = serializers.CharField(source="author.username", read_only=True)
    text = serializers.CharField(source="written", read_only=True)
    hidden = serializers.BooleanField(read_only=True)
    created_at = serializers.DateTimeField(read_only=True)


class EarlierOutput(serializers.ModelSerializer[Case]):
    id = serializers.UUIDField(source="public_id", read_only=True)
    clause = serializers.CharField(source="clause.code", read_only=True)

    class Meta:
        model = Case
        fields = ("id", "kind", "state", "clause", "opened_at", "decided_at")
        read_only_fields = fields


class BackgroundOutput(serializers.Serializer[Any]):
    questions = QuestionsOutput(read_only=True, allow_null=True, help_text="Null for people and organizations.")
    author = serializers.CharField(read_only=True, allow_null=True, help_text="Who answers for it; null: nobody alone.")
    measures = LineOfMeasure(many=True, read_only=True, help_text="On the subject and on the person, newest first.")
    earlier = EarlierOutput(many=True, read_only=True, help_text="Other cases about the same.")
    of_author = EarlierOutput(many=True, read_only=True, help_text="Cases about other things of the same person.")
    around = AroundOutput(many=True, read_only=True, help_text="What was said before and after, oldest first.")


class Priority(TeamEndpoint):
    @extend_schema(summary="Why a case stands where it stands", responses=PriorityOutput)
    def get(self, request: SignedIn, case_id: UUID) -> Response:
        """The priority of an open case point by point; nothing for a decided one."""
        case = find_case(case_id, request.user)
        points = explain(case, clock.now()) if case.state == Case.State.OPEN else []
        context = {"request": request}
        total = sum(one.points for one in points) if sees_exactly(context) else None
        return Response(PriorityOutput({"total": total, "points": points}, context=context).data)


class Options(TeamEndpoint):
    @extend_schema(summary="What can be decided", responses=OptionsOutput)
    def get(self, request: SignedIn, case_id: UUID) -> Response:
        """The measures that fit what the case is about, what each means for whom, and the owner's time to answer."""
        case, now = find_case(case_id, request.user), clock.now()
        options = overview.options_for(case, request.user, now) if case.state == Case.State.OPEN else []
        parties = overview.party_panels(case, now)
        window = overview.window_of(case, parties, [option.kind for option in options])
        ladder = advice(case, request.user) if options else None
        found: dict[str, Any] = {"ladder": ladder, "measures": options, "owner": window}
        found["at_stake"] = at_stake(case) if any(not option.kind.undoable for option in options) else None
        return Response(OptionsOutput(found, context={"window": window}).data)


class Background(TeamEndpoint):
    @extend_schema(summary="What is known around a case", responses=BackgroundOutput)
    def get(self, request: SignedIn, case_id: UUID) -> Response:
        """What its repository is, what happened before around it and its author, and what was said beside it."""
        case, now = find_case(case_id, request.user), clock.now()
        known = overview.background_of(case, now, request.user)
        hidden = bool(case.lane and case.lane.sealed) or overview.is_closed(case, request.user)
        found = {
            "questions": overview.questions_of(case, request.user, now),
            "author": known.author.username if known.author else None,
            "measures": known.measures,
            "earlier": known.earlier,
            "of_author": known.of_author,
            # Nothing of what is locked away, and nothing around it (C9); nor of what is private now (A2).
            "around": [] if hidden else overview.thread_of(case.subject),
        }
        return Response(BackgroundOutput(found).data)
