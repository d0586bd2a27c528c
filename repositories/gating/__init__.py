"""What a gated repository asks of people, and what became of their requests (A3)."""

from repositories.gating.conditions import Conditions, can_ask, conditions_of, may_ask
from repositories.gating.fields import FIELD_TYPES, Field, shown_answer
from repositories.gating.queries import email_of, require_decide

__all__ = [
    "FIELD_TYPES",
    "Conditions",
    "Field",
    "can_ask",
    "conditions_of",
    "email_of",
    "may_ask",
    "require_decide",
    "shown_answer",
]
