"""What we, or our screening, look at without a report of it: evidence as much as what was reported (C8)."""

from accounts.models import User
from foundation import clock
from moderation.cases.actions.joining import locked_open_case
from moderation.cases.actions.receive import open_or_join
from moderation.cases.events import seal
from moderation.cases.models import Case
from moderation.policy.models import Clause
from moderation.subjects.actions import take_snapshot
from moderation.subjects.content import Content
from moderation.subjects.models import Subject


def case_of(subject: Subject, *, clause: Clause, actor: User) -> Case:
    """The open review case of `subject`, locked, opened where there is none, with a snapshot of it as it is now."""
    locked_open_case(subject)  # before its snapshot, as reports do
    now = clock.now()
    snapshot = take_snapshot(subject, at=now)
    case = open_or_join(snapshot, clause=clause, actor=actor, at=now)
    if snapshot.taken_at == now:
        seal(case, snapshot)
    return case


def keep(case: Case, subject: Subject, seen: Content) -> None:
    """What was `seen` of `subject` is evidence of its `case`, whose row the caller holds locked."""
    now = clock.now()
    snapshot = take_snapshot(subject, seen, at=now)
    if snapshot.taken_at == now:
        seal(case, snapshot)
