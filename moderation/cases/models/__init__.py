from moderation.cases.models.case import UNCLAIMED, UNPARKED, BestScore, Case, Deadline, Reranking
from moderation.cases.models.decision import BulkDecision, CaseReport, Confirmation, Decision
from moderation.cases.models.desk import Comfort, Exposure, Formula, ReasonTemplate, SavedView
from moderation.cases.models.event import Event, EventText, Journal, JournalEvent, TextKey
from moderation.cases.models.party import CaseLink, Party, PartyMessage

__all__ = [
    "UNCLAIMED",
    "UNPARKED",
    "BestScore",
    "BulkDecision",
    "Case",
    "CaseLink",
    "CaseReport",
    "Comfort",
    "Confirmation",
    "Deadline",
    "Decision",
    "Event",
    "EventText",
    "Exposure",
    "Formula",
    "Journal",
    "JournalEvent",
    "Party",
    "PartyMessage",
    "ReasonTemplate",
    "Reranking",
    "SavedView",
    "TextKey",
]
