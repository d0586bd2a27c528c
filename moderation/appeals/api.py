"""Statements of reasons, contesting decisions, and answering that, for programs (K1, G1, G2)."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.response import Response

from accounts.authentication import SignedIn
from foundation import clock
from foundation.api import CleanTextField, Endpoint, ErrorOutput, KeysetPagination, checked
from foundation.errors import Forbidden, Refused
from moderation.appeals import queries
from moderation.appeals.actions import decide_appeal
from moderation.appeals.api_talk import TalkOutput, find_appeal
from moderation.appeals.dossier import Dossier, dossiers, note_names
from moderation.appeals.limits import file_within_limit
from moderation.appeals.models import Appeal
from moderation.appeals.wording import MeasureLine, line
from moderation.cases.api.base import TeamEndpoint, find_case
from moderation.cases.api.decisions import NamingField
from moderation.cases.models import Case, Decision, Party
from moderation.cases.related import find_matter
from moderation.reports.api import AttachmentOutput
from moderation.reports.forms import LONGEST, SHORTEST
from moderation.reports.queries import own_report
from moderation.sanctions.actions.statements import compose
from moderation.sanctions.models import Measure, StatementOfReasons
from moderation.subjects.api import SubjectOutput

ANSWERED = [(value, label) for value, label in Appeal.State.choices if value != Appeal.State.OPEN]
STATES = ["holds", "ended", "lifted", "said"]


class AffectingOutput(serializers.Serializer[MeasureLine]):
    """A measure as whoever it affects reads it; `said` holds nothing, such as a warning."""

    kind = serializers.ChoiceField(source="measure.kind", choices=Measure.Kind.choices, read_only=True)
    label = serializers.CharField(read_only=True)  # type: ignore[assignment]
    consequence = serializers.CharField(read_only=True)
    scope = serializers.CharField(read_only=True, help_text="What it covers, in words; empty for what holds nothing.")
    territory = serializers.SerializerMethodField(help_text="Where it holds: everywhere.")
    duration = serializers.CharField(read_only=True, help_text="How long it holds, in words.")
    state = serializers.ChoiceField(choices=STATES, read_only=True)
    ends_at = serializers.DateTimeField(read_only=True, allow_null=True)

    def get_territory(self, found: MeasureLine) -> str:
        return "everywhere"


class AppealOutput(serializers.ModelSerializer[Appeal]):
    """An appeal of yours or of an organization whose admin you are, and our answer once there is one."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    decision = serializers.UUIDField(source="decision.public_id", read_only=True)
    organization = serializers.CharField(
        source="organization.name", read_only=True, allow_null=True, default=None, help_text="Whose admins contest it."
    )
    lifted = serializers.SlugRelatedField[Measure](
        slug_field="public_id", many=True, read_only=True, help_text="Ids of the measures that our answer lifted."
    )

    class Meta:
        model = Appeal
        fields = (
            "id", "decision", "organization", "text", "state", "waits_for", "answer_until", "answer", "lifted",
            "created_at", "decided_at",
        )  # fmt: skip
        read_only_fields = fields


class StatementRow(serializers.ModelSerializer[StatementOfReasons]):
    """Why we decided something that affects you."""

    id = serializers.UUIDField(source="public_id", read_only=True)
    decision = serializers.UUIDField(source="decision_id", read_only=True)
    subject = SubjectOutput(read_only=True)
    clause = serializers.SerializerMethodField(help_text="Null for a hold: nothing is decided by it.")
    policy_version = serializers.IntegerField(source="policy_version.number", read_only=True)
    measures = serializers.SerializerMethodField()
    appeal = serializers.SerializerMethodField(help_text="Null while you have not contested it.")

    class Meta:
        model = StatementOfReasons
        fields: tuple[str, ...] = (
            "id", "decision", "subject", "clause", "policy_version", "facts", "automated_detection",
            "automated_decision", "measures", "contest_until", "created_at", "appeal",
        )  # fmt: skip
        read_only_fields = fields

    def get_clause(self, statement: StatementOfReasons) -> str | None:
        return statement.clause.code if statement.names_clause else None

    @extend_schema_field(AffectingOutput(many=True))
    def get_measures(self, statement: StatementOfReasons) -> Any:
        now = self.context["now"]
        lines: Any = [line(measure, now) for measure in statement.measures.all()]
        return AffectingOutput(lines, many=True).data

    @extend_schema_field(serializers.UUIDField(allow_null=True))
    def get_appeal(self, statement: StatementOfReasons) -> Any:
        appeal = self.context["appeals"].get(statement.decision_id)
        return appeal.public_id if appeal else None


class StatementOutput(StatementRow):
    words = serializers.SerializerMethodField(help_text="The statement as we sent it.")
    other_redress = serializers.SerializerMethodField(help_text="What you can do besides contesting it with us.")

    class Meta(StatementRow.Meta):
        fields = (*StatementRow.Meta.fields, "words", "other_redress")
        read_only_fields = fields

    def get_other_redress(self, statement: StatementOfReasons) -> str:
        return gettext(statement.policy_version.other_redress)

    def get_words(self, statement: StatementOfReasons) -> str:
        decision = Decision.objects.select_related("case").get(public_id=statement.decision_id)
        return compose(statement, list(statement.measures.all()), reported=decision.case.report_count > 0)


class AppealInput(serializers.Serializer[Any]):
    text = CleanTextField(longest=LONGEST, min_length=SHORTEST, help_text="Why you think that we are wrong.")


class DossierOutput(serializers.Serializer[Dossier]):
    """An appeal for the team: who contests which decision, why, and what was said and done then."""

    id = serializers.UUIDField(source="appeal.public_id", read_only=True)
    appellant = serializers.CharField(source="appeal.appellant.username", read_only=True)
    affected = serializers.BooleanField(read_only=True, help_text="The decision affects them; else they reported.")
    text = serializers.CharField(source="appeal.text", read_only=True)
    state = serializers.ChoiceField(source="appeal.state", choices=Appeal.State.choices, read_only=True)
    created_at = serializers.DateTimeField(source="appeal.created_at", read_only=True)
    decision = serializers.UUIDField(source="appeal.decision.public_id", read_only=True)
    decider = serializers.CharField(source="appeal.first_decider.username", read_only=True)
    explanation = serializers.CharField(read_only=True, help_text="The words of whoever decided.")
    measures = AffectingOutput(many=True, read_only=True)
    open = serializers.SerializerMethodField(help_text="Ids of the measures that an answer can lift.")
    organization = serializers.CharField(
        source="appeal.organization.name", read_only=True, allow_null=True, default=None
    )
    automated = serializers.BooleanField(source="appeal.decision.interim", read_only=True, help_text="A rule decided.")
    waits_for = serializers.ChoiceField(source="appeal.waits_for", choices=Appeal.Side.choices, read_only=True)
    answer_until = serializers.DateTimeField(source="appeal.answer_until", read_only=True, allow_null=True)
    messages = TalkOutput(
        source="talk.lines", many=True, read_only=True,
        help_text="What was written since, the newest fifty; `/talk` has all of it.",
    )  # fmt: skip
    attachments = AttachmentOutput(
        source="talk.files", many=True, read_only=True, help_text="What came with its first words."
    )
    answerable = serializers.SerializerMethodField(
        help_text="By you: it is open, and you did not decide about it before."
    )
    answer = serializers.CharField(source="appeal.answer", read_only=True)
    answered_by = serializers.CharField(
        source="appeal.decided_by.username", read_only=True, allow_null=True, default=None
    )
    answered_at = serializers.DateTimeField(source="appeal.decided_at", read_only=True, allow_null=True)

    lifted = serializers.SerializerMethodField(help_text="Ids of the measures that the answer lifted.")
    bad_faith = serializers.BooleanField(source="appeal.bad_faith", read_only=True)

    def get_answerable(self, found: Dossier) -> bool:
        return found.form is not None

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_open(self, found: Dossier) -> Any:
        return [str(one.measure.public_id) for one in found.open]

    @extend_schema_field(serializers.ListField(child=serializers.UUIDField()))
    def get_lifted(self, found: Dossier) -> Any:
        return [str(one.public_id) for one in found.appeal.lifted.all()]


class AnswerAppealInput(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=ANSWERED)
    answer = CleanTextField(longest=LONGEST, min_length=SHORTEST, help_text="Our words to the person.")
    lift = serializers.ListField(
        child=serializers.UUIDField(),
        required=False,
        max_length=50,
        help_text="With `partly`: ids of the measures that are lifted, some of those that are `open`.",
    )
    bad_faith = serializers.BooleanField(
        default=False, help_text="With `rejected`: contested without any ground, knowingly or without looking."
    )
    naming = NamingField()


FILED = {201: AppealOutput, 200: AppealOutput, 409: ErrorOutput}
WHY = OpenApiExample("A quote", value={"text": "These are not my words: I quoted somebody else."}, request_only=True)


STATEMENT = OpenApiExample(
    "A posting ban",
    response_only=True,
    value={
        "id": "0d6f2a9e-9d5b-4f13-a1f5-9f2a65a0c0b7",
        "decision": "a3f1c6de-5b62-4a3c-9d55-7be1c2f5d1aa",
        "subject": {"kind": "comment", "id": "1f0c2a52-5f3e-4a55-8a0e-2f6f0ad3a4c1", "name": "How do I load this?"},
        "clause": "harassment",
        "policy_version": 1,
        "facts": "You insulted another person in three comments.",
        "automated_detection": False,
        "automated_decision": False,
        "measures": [
            {
                "kind": "posting_ban",
                "label": "no posting in community tabs for a time",
                "consequence": "You cannot post in community tabs for now. …",
                "scope": "your account: what you post in community tabs",
                "territory": "everywhere",
                "duration": "until November 23, 2026, 14:05 (UTC); then it ends by itself",
                "state": "holds",
                "ends_at": "2026-11-23T14:05:00Z",
            }
        ],
        "contest_until": "2027-05-23T14:04:12Z",
        "created_at": "2026-11-21T14:04:12Z",
        "appeal": None,
        "words": "We decided about your comment in “How do I load this?”. …",
        "other_redress": "Besides, you can turn to a court. …",
    },
)


class Statements(Endpoint):
    pagination_class = KeysetPagination
    order = ("-created_at", "-id")

    @extend_schema(summary="Decisions that affect you", responses=StatementRow(many=True))
    def get(self, request: SignedIn) -> Response:
        """The statement of reasons of every decision that affects you, newest first."""
        pages = KeysetPagination()
        found: list[StatementOfReasons] = pages.paginate_queryset(
            queries.statements_of(request.user), request, view=self
        )
        return pages.get_paginated_response(StatementRow(found, many=True, context=_context(request, found)).data)


class OneStatement(Endpoint):
    @extend_schema(summary="A decision that affects you", responses=StatementOutput, examples=[STATEMENT])
    def get(self, request: SignedIn, statement_id: UUID) -> Response:
        """The whole statement of reasons; only for its recipient."""
        found = queries.own_statement(statement_id, request.user)
        return Response(StatementOutput(found, context=_context(request, [found])).data)


class AppealStatement(Endpoint):
    @extend_schema(summary="Contest a decision that affects you", request=AppealInput, responses=FILED, examples=[WHY])
    def post(self, request: SignedIn, statement_id: UUID) -> Response:
        """Ask us to look again: somebody who did not decide before answers.

        The same words sent again are answered 200. 409 when it was contested before (`exists`), or too late
        (`too_late`).
        """
        statement = queries.own_statement(statement_id, request.user)
        return _contest(request, Decision.objects.select_related("case").get(public_id=statement.decision_id))


class AppealReport(Endpoint):
    @extend_schema(
        summary="Contest what became of a report of yours", request=AppealInput, responses=FILED, examples=[WHY]
    )
    def post(self, request: SignedIn, report_id: UUID) -> Response:
        """Ask us to look again at what we decided about something you reported.

        The same words sent again are answered 200. 409 while we have not decided (`open`), when it was contested before
        (`exists`), or too late (`too_late`).
        """
        answered = queries.decision_about(own_report(report_id, request.user), request.user)
        if answered is None:
            raise Refused(_("We have not decided about this report."), code="open")
        return _contest(request, answered.decision)


class AppealMatter(Endpoint):
    @extend_schema(
        summary="Contest the outcome of a matter of yours", request=AppealInput, responses=FILED, examples=[WHY]
    )
    def post(self, request: SignedIn, matter_id: UUID) -> Response:
        """Ask us to look again at what we decided about something that concerns you, as long as you take part.

        The same words sent again are answered 200. 403 for its owner, who contests what affects them, and for whoever
        left; 409 while we have not decided (`open`), when it was contested before (`exists`), or too late (`too_late`).
        """
        party = find_matter(request.user, matter_id)
        decision = queries.decision_in(party)
        if decision is None:
            raise Refused(_("We have not decided about this matter."), code="open")
        if party.role == Party.Role.OWNER or party.left_at is not None:
            raise Forbidden(_("Only those whom it concerns, and who still take part, can contest this outcome."))
        return _contest(request, decision)


class OneAppeal(Endpoint):
    @extend_schema(summary="An appeal of yours", responses=AppealOutput)
    def get(self, request: SignedIn, appeal_id: UUID) -> Response:
        """What you asked, how it stands, and what we answered."""
        return Response(AppealOutput(queries.own_appeal(appeal_id, request.user)).data)


class CaseAppeals(TeamEndpoint):
    pagination_class = KeysetPagination
    order = queries.NEWEST

    @extend_schema(summary="The appeals of a case", responses=DossierOutput(many=True))
    def get(self, request: SignedIn, case_id: UUID) -> Response:
        """The appeals of a case of the kind `appeal`, open ones first, each with what is needed to answer it."""
        case = find_case(case_id, request.user)
        if case.kind != Case.Kind.APPEAL:
            raise Refused(_("There is no such case."), code="not_found", status=404)
        pages = KeysetPagination()
        rows: list[Appeal] = pages.paginate_queryset(queries.appeals_in(case), request, view=self)
        return pages.get_paginated_response(_dossiers(case, rows, request))


class AnswerAppeal(TeamEndpoint):
    @extend_schema(
        summary="Answer an appeal",
        request=AnswerAppealInput,
        responses={200: DossierOutput, 409: ErrorOutput},
        examples=[
            OpenApiExample(
                "We were wrong", value={"state": "upheld", "answer": "You quoted somebody else."}, request_only=True
            )
        ],
    )
    def post(self, request: SignedIn, appeal_id: UUID) -> Response:
        """Say whether the decision stands; the person reads your words. Upheld lifts exactly what it took.

        Partly lifts what `lift` names. 403 for whoever decided about the same before, 409 when somebody else holds the
        case (`claimed`) or answered (`decided`), and while the person has time to answer what we asked (`waiting`).
        422 when your words name somebody else (`names_somebody`), or give them away (`gives_away`). The same answer
        sent again is answered 200.
        """
        asked = checked(AnswerAppealInput, request.data)
        appeal = find_appeal(appeal_id, request.user)
        mine = appeal.decided_by_id == request.user.pk
        if not (mine and (appeal.state, appeal.answer) == (asked["state"], asked["answer"])):
            decide_appeal(appeal, **asked, actor=request.user)
        case = find_case(appeal.case.public_id, request.user)
        (shown,) = _dossiers(case, list(queries.appeals_in(case).filter(pk=appeal.pk)), request)
        return Response(shown)


def _dossiers(case: Case, rows: list[Appeal], request: SignedIn) -> Any:
    found: Any = dossiers(rows, viewer=request.user, now=clock.now())
    note_names(case, found, actor=request.user)
    return DossierOutput(found, many=True).data


def _contest(request: SignedIn, decision: Decision) -> Response:
    text = checked(AppealInput, request.data)["text"]
    appeal = Appeal.objects.filter(decision=decision, appellant=request.user, text=text).first()
    code = status.HTTP_200_OK if appeal else status.HTTP_201_CREATED
    appeal = appeal or file_within_limit(decision, text=text, actor=request.user)
    return Response(AppealOutput(appeal).data, status=code)


def _context(request: SignedIn, found: list[StatementOfReasons]) -> dict[str, Any]:
    appeals = queries.appeals_against([one.decision_id for one in found], request.user)
    return {"request": request, "now": clock.now(), "appeals": appeals}
