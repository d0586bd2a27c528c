from moderation.cases.models.case import Case, Deadline
from moderation.cases.models.decision import CaseReport, Decision
from moderation.cases.models.event import Event, EventText, TextKey

__all__ = ["Case", "CaseReport", "Deadline", "Decision", "Event", "EventText", "TextKey"]
