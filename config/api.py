"""Addresses of our API, version 1; no trailing slashes (architecture, "Addresses"; K1)."""

from django.urls import URLPattern, path, re_path
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import Inbox, OneLetter, ReadLetter
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
from moderation.appeals.api import (
    AnswerAppeal,
    AppealMatter,
    AppealReport,
    AppealStatement,
    CaseAppeals,
    OneAppeal,
    OneStatement,
)
from moderation.appeals.api import Statements as StatementsOfReasons
from moderation.appeals.api_people import PersonAppeals
from moderation.appeals.api_standing import AllHolding, OwnAppeals, OwnStanding
from moderation.appeals.api_talk import (
    AppealFiles,
    AppealLimitOf,
    AppealMessages,
    AppealTalk,
    AskAppellant,
    OneAppealFile,
)
from moderation.automation.api import OneRule, RuleMode, Rules, Runs
from moderation.automation.api_backtests import BacktestCases, Backtests, OneBacktest
from moderation.automation.quality.api import BiasReports, Classifiers, OneBiasReport, OneLabel
from moderation.cases.api.answers import CaseAnswers, FilledTemplate, ReadAnswers
from moderation.cases.api.bulk import BulkDecisions, OneBulkDecision, Preview, UndoBulk
from moderation.cases.api.comfort import Comfort, Reveal
from moderation.cases.api.confirmations import Confirm, Confirmations, Decline, ErasedFiles, OneConfirmation
from moderation.cases.api.decisions import Decisions, LiftMeasure, OneDecision, UndoDecision
from moderation.cases.api.evidence import CaseEvidence
from moderation.cases.api.finding import Inspect, Search
from moderation.cases.api.flaggers import Flaggers, OneFlagger
from moderation.cases.api.lanes import Lanes, News, ViewCounts
from moderation.cases.api.lifting import LiftBulk, LiftTogether
from moderation.cases.api.links import Links, OneLink
from moderation.cases.api.locked import Locked, OpenLocked
from moderation.cases.api.matters import Answers, LeaveMatter, MatterMessages, Matters, Naming, OneMatter
from moderation.cases.api.on_the_spot import OnTheSpot
from moderation.cases.api.one_case import CaseEvents, CaseMeasures, CaseSnapshots, OneCase
from moderation.cases.api.people import Person, PersonCases, PersonLimit, PersonMeasures
from moderation.cases.api.pictures import AttachedPicture, Picture
from moderation.cases.api.precedents import Precedents
from moderation.cases.api.preview import PreviewDecision
from moderation.cases.api.queue import Cases, ClaimCase, NextCase, ReleaseCase
from moderation.cases.api.reports import Attachments, CaseReports, OneAttachment
from moderation.cases.api.requests import CaseConditions, CaseRequests, WithdrawCondition
from moderation.cases.api.summaries import Summary
from moderation.cases.api.threads import Ask, AskOwner, Leave, Messages, Parties, Reply
from moderation.cases.api.undocumented import Undocumented
from moderation.cases.api.verbs import (
    AtRisk,
    Escalate,
    HandOver,
    Notes,
    RenewClaim,
    Reopen,
    Snooze,
    Support,
    Track,
    Wake,
)
from moderation.cases.api.views import OneTemplate, OneView, Templates, Views
from moderation.cases.api.weighing import Background, Options, Priority
from moderation.cases.api.weights import PriorityWeights
from moderation.intake.api import OneReport, Reports, WithdrawReport
from moderation.intake.api_claims import Claims, CounterStatements, OneClaim, OwnSuit, Suit
from moderation.intake.api_entry import Entries
from moderation.intake.api_files import OwnFiles
from moderation.intake.api_others import OtherComments
from moderation.policy.api import Clauses
from moderation.transparency.api import RepositoryLog, RepositoryLogAtAddress
from moderation.transparency.api_report import TransparencyReport


@extend_schema(exclude=True)
class Unknown(Endpoint):
    """Whatever else is asked for: the shape of an error that programs expect, not a page."""

    permission_classes = (AllowAny,)

    def initial(self, request: Request, *args: object, **kwargs: object) -> None:
        raise Refused(_("There is no such endpoint. See /api/docs/."), code="not_found", status=404)

    def get(self, request: Request) -> Response:
        return Response()


# An address is compared with one after the other: what is asked most comes first.
urlpatterns: list[URLPattern] = [
    path("reports", Reports.as_view()),
    path("cases", Cases.as_view()),
    path("cases/next", NextCase.as_view()),
    path("cases/on-the-spot", OnTheSpot.as_view()),
    path("cases/<uuid:case_id>", OneCase.as_view()),
    path("cases/<uuid:case_id>/claim", ClaimCase.as_view()),
    path("cases/<uuid:case_id>/decisions", Decisions.as_view()),
    path("clauses", Clauses.as_view()),
    path("reports/others/<uuid:comment_id>", OtherComments.as_view()),
    path("reports/<uuid:report_id>", OneReport.as_view()),
    path("reports/<uuid:report_id>/withdraw", WithdrawReport.as_view()),
    path("reports/<uuid:report_id>/attachments", OwnFiles.as_view()),
    path("reports/<uuid:report_id>/appeal", AppealReport.as_view()),
    path("claims", Claims.as_view()),
    path("claims/<uuid:report_id>", OneClaim.as_view()),
    path("claims/<uuid:report_id>/counter-statement", CounterStatements.as_view()),
    path("claims/<uuid:report_id>/suit", OwnSuit.as_view()),
    path("counter-statements/<uuid:counter_id>/suit", Suit.as_view()),
    path("entries", Entries.as_view()),
    path("inbox", Inbox.as_view()),
    path("inbox/<uuid:letter_id>", OneLetter.as_view()),
    path("inbox/<uuid:letter_id>/read", ReadLetter.as_view()),
    path("statements", StatementsOfReasons.as_view()),
    path("statements/<uuid:statement_id>", OneStatement.as_view()),
    path("statements/<uuid:statement_id>/appeal", AppealStatement.as_view()),
    path("appeals/<uuid:appeal_id>", OneAppeal.as_view()),
    path("appeals/<uuid:appeal_id>/answer", AnswerAppeal.as_view()),
    path("appeals/<uuid:appeal_id>/ask", AskAppellant.as_view()),
    path("appeals/<uuid:appeal_id>/messages", AppealMessages.as_view()),
    path("appeals/<uuid:appeal_id>/talk", AppealTalk.as_view()),
    path("appeals/<uuid:appeal_id>/attachments", AppealFiles.as_view()),
    path("appeals/<uuid:appeal_id>/attachments/<uuid:attachment_id>", OneAppealFile.as_view()),
    path("matters", Matters.as_view()),
    path("matters/<uuid:matter_id>", OneMatter.as_view()),
    path("matters/<uuid:matter_id>/messages", MatterMessages.as_view()),
    path("matters/<uuid:matter_id>/answers", Answers.as_view()),
    path("matters/<uuid:matter_id>/leave", LeaveMatter.as_view()),
    path("matters/<uuid:matter_id>/naming", Naming.as_view()),
    path("matters/<uuid:matter_id>/appeal", AppealMatter.as_view()),
    path("cases/news", News.as_view()),
    path("lanes", Lanes.as_view()),
    path("comfort", Comfort.as_view()),
    path("weights", PriorityWeights.as_view()),
    path("flaggers", Flaggers.as_view()),
    path("flaggers/<uuid:person_id>", OneFlagger.as_view()),
    path("people/<uuid:person_id>", Person.as_view()),
    path("people/<uuid:person_id>/measures", PersonMeasures.as_view()),
    path("people/<uuid:person_id>/cases", PersonCases.as_view()),
    path("people/<uuid:person_id>/appeals", PersonAppeals.as_view()),
    path("people/<uuid:person_id>/reporting-limit", PersonLimit.as_view()),
    path("people/<uuid:person_id>/appeal-limit", AppealLimitOf.as_view()),
    path("rules", Rules.as_view()),
    path("rules/<uuid:rule_id>", OneRule.as_view()),
    path("rules/<uuid:rule_id>/runs", Runs.as_view()),
    path("rules/<uuid:rule_id>/backtests", Backtests.as_view()),
    path("backtests/<uuid:backtest_id>", OneBacktest.as_view()),
    path("backtests/<uuid:backtest_id>/cases", BacktestCases.as_view()),
    path("rules/<uuid:rule_id>/mode", RuleMode.as_view()),
    path("classifiers", Classifiers.as_view()),
    path("classifiers/<str:code>/labels/<slug:label>", OneLabel.as_view()),
    path("classifiers/<str:code>/bias-reports", BiasReports.as_view()),
    path("bias-reports/<uuid:report_id>", OneBiasReport.as_view()),
    path("cases/<uuid:case_id>/release", ReleaseCase.as_view()),
    path("cases/<uuid:case_id>/renew", RenewClaim.as_view()),
    path("cases/<uuid:case_id>/notes", Notes.as_view()),
    path("cases/<uuid:case_id>/hand-over", HandOver.as_view()),
    path("cases/<uuid:case_id>/snooze", Snooze.as_view()),
    path("cases/<uuid:case_id>/wake", Wake.as_view()),
    path("cases/<uuid:case_id>/reopen", Reopen.as_view()),
    path("cases/<uuid:case_id>/escalate", Escalate.as_view()),
    path("cases/<uuid:case_id>/track", Track.as_view()),
    path("cases/<uuid:case_id>/at-risk", AtRisk.as_view()),
    path("cases/<uuid:case_id>/support", Support.as_view()),
    path("cases/<uuid:case_id>/summary", Summary.as_view()),
    path("cases/<uuid:case_id>/parties", Parties.as_view()),
    path("cases/<uuid:case_id>/ask-owner", AskOwner.as_view()),
    path("cases/<uuid:case_id>/requests", CaseRequests.as_view()),
    path("cases/<uuid:case_id>/conditions", CaseConditions.as_view()),
    path("conditions/<uuid:condition_id>/withdraw", WithdrawCondition.as_view()),
    path("cases/<uuid:case_id>/links", Links.as_view()),
    path("cases/<uuid:case_id>/links/<uuid:other_id>", OneLink.as_view()),
    path("cases/<uuid:case_id>/reports", CaseReports.as_view()),
    path("cases/<uuid:case_id>/snapshots", CaseSnapshots.as_view()),
    path("cases/<uuid:case_id>/measures", CaseMeasures.as_view()),
    path("cases/<uuid:case_id>/events", CaseEvents.as_view()),
    path("cases/<uuid:case_id>/pictures/<int:snapshot_id>", Picture.as_view()),
    path("cases/<uuid:case_id>/attachments", Attachments.as_view()),
    path("cases/<uuid:case_id>/attachments/<uuid:attachment_id>", OneAttachment.as_view()),
    path("cases/<uuid:case_id>/attachments/<uuid:attachment_id>/picture", AttachedPicture.as_view()),
    path("cases/<uuid:case_id>/evidence", CaseEvidence.as_view()),
    path("cases/<uuid:case_id>/locked", Locked.as_view()),
    path("cases/<uuid:case_id>/locked/<int:snapshot_id>/open", OpenLocked.as_view()),
    path("cases/<uuid:case_id>/reveal", Reveal.as_view()),
    path("cases/<uuid:case_id>/priority", Priority.as_view()),
    path("cases/<uuid:case_id>/options", Options.as_view()),
    path("cases/<uuid:case_id>/background", Background.as_view()),
    path("cases/<uuid:case_id>/answers", CaseAnswers.as_view()),
    path("cases/<uuid:case_id>/answers/read", ReadAnswers.as_view()),
    path("cases/<uuid:case_id>/reason-templates/<uuid:template_id>", FilledTemplate.as_view()),
    path("cases/<uuid:case_id>/appeals", CaseAppeals.as_view()),
    path("cases/<uuid:case_id>/precedents", Precedents.as_view()),
    path("cases/<uuid:case_id>/preview", PreviewDecision.as_view()),
    path("parties/<uuid:party_id>/messages", Messages.as_view()),
    path("parties/<uuid:party_id>/ask", Ask.as_view()),
    path("parties/<uuid:party_id>/reply", Reply.as_view()),
    path("parties/<uuid:party_id>/leave", Leave.as_view()),
    path("confirmations", Confirmations.as_view()),
    path("bulk-decisions", BulkDecisions.as_view()),
    path("bulk-decisions/preview", Preview.as_view()),
    path("bulk-decisions/<uuid:bulk_id>", OneBulkDecision.as_view()),
    path("bulk-decisions/<uuid:bulk_id>/undo", UndoBulk.as_view()),
    path("bulk-decisions/<uuid:bulk_id>/lift", LiftBulk.as_view()),
    path("views", Views.as_view()),
    path("views/counts", ViewCounts.as_view()),
    path("views/<uuid:view_id>", OneView.as_view()),
    path("reason-templates", Templates.as_view()),
    path("reason-templates/<uuid:template_id>", OneTemplate.as_view()),
    path("decisions/<uuid:decision_id>", OneDecision.as_view()),
    path("decisions/<uuid:decision_id>/confirmation", OneConfirmation.as_view()),
    path("decisions/<uuid:decision_id>/confirmation/files", ErasedFiles.as_view()),
    path("decisions/<uuid:decision_id>/confirm", Confirm.as_view()),
    path("decisions/<uuid:decision_id>/decline", Decline.as_view()),
    path("decisions/<uuid:decision_id>/undo", UndoDecision.as_view()),
    path("measures/lift", LiftTogether.as_view()),
    path("measures/<uuid:measure_id>/lift", LiftMeasure.as_view()),
    path("standing", OwnStanding.as_view()),
    path("standing/appeals", OwnAppeals.as_view()),
    path("standing/holding", AllHolding.as_view()),
    path("transparency", TransparencyReport.as_view()),
    path("undocumented", Undocumented.as_view()),
    path("search", Search.as_view()),
    path("repositories/<uuid:repository_id>/inspection", Inspect.as_view()),
    path("repositories/<uuid:repository_id>/moderation", RepositoryLog.as_view()),
    path("repositories/<kinds:kind>/<str:owner>/<str:name>/moderation", RepositoryLogAtAddress.as_view()),
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
