from moderation.cases.actions.answers import read_answers
from moderation.cases.actions.claims import claim, claim_next, release, renew
from moderation.cases.actions.confirmations import confirm_decision, decline
from moderation.cases.actions.decide import decide
from moderation.cases.actions.direct import decide_directly
from moderation.cases.actions.formula import change_weights
from moderation.cases.actions.hand_over import hand_over
from moderation.cases.actions.lift import lift_measure
from moderation.cases.actions.links import link, unlink
from moderation.cases.actions.notes import add_note
from moderation.cases.actions.orders import MeasureOrder, Verdict
from moderation.cases.actions.parties import consent_to_be_named, invite, invite_by_mail, leave
from moderation.cases.actions.receive import open_or_join, receive_report
from moderation.cases.actions.reopen import AnotherIsOpen, reopen
from moderation.cases.actions.requests import RequestOrder, request_of_owner
from moderation.cases.actions.requirements import StaleDecision
from moderation.cases.actions.snooze import snooze, wake
from moderation.cases.actions.standing import withdraw_condition
from moderation.cases.actions.threads import answer, ask, ask_owner, reply
from moderation.cases.actions.tracks import choose_track
from moderation.cases.actions.windows import OwnerNotHeard

__all__ = [
    "AnotherIsOpen",
    "MeasureOrder",
    "OwnerNotHeard",
    "RequestOrder",
    "StaleDecision",
    "Verdict",
    "add_note",
    "answer",
    "ask",
    "ask_owner",
    "change_weights",
    "choose_track",
    "claim",
    "claim_next",
    "confirm_decision",
    "consent_to_be_named",
    "decide",
    "decide_directly",
    "decline",
    "hand_over",
    "invite",
    "invite_by_mail",
    "leave",
    "lift_measure",
    "link",
    "open_or_join",
    "read_answers",
    "receive_report",
    "release",
    "renew",
    "reopen",
    "reply",
    "request_of_owner",
    "snooze",
    "unlink",
    "wake",
    "withdraw_condition",
]
