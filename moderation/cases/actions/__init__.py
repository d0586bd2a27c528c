from moderation.cases.actions.answers import read_answers
from moderation.cases.actions.claims import claim, claim_next, release, renew
from moderation.cases.actions.decide import MeasureOrder, StaleDecision, decide
from moderation.cases.actions.direct import decide_directly
from moderation.cases.actions.lift import lift_measure
from moderation.cases.actions.receive import open_or_join, receive_report

__all__ = [
    "MeasureOrder",
    "StaleDecision",
    "claim",
    "claim_next",
    "decide",
    "decide_directly",
    "lift_measure",
    "open_or_join",
    "read_answers",
    "receive_report",
    "release",
    "renew",
]
