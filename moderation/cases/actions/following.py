"""What the lane that a case came into wants at once: its words locked away, a hold (C6, C9)."""

from moderation.cases.actions.evidence import lock_away
from moderation.cases.actions.hold import hold_at_once
from moderation.cases.models import Case
from moderation.policy.models import Clause, Lane
from moderation.reports.models import Report
from moderation.scoring.actions import request_scores
from moderation.subjects import quarantine
from moderation.subjects.models import Snapshot


def follow_lane(case: Case, snapshot: Snapshot, report: Report | None = None) -> None:
    """Do what the lane of `case`, whose row the caller holds locked, wants at once; nothing scores what is locked away.

    `report` is the one that came in; a hold is for what its clause asks, or what somebody escalates.
    """
    lane = case.lane
    if lane is not None and lane.sealed:
        lock_away(case)
    elif not snapshot.sealed:  # else the operator has no such lane any more: what was locked away stays so
        request_scores(snapshot)
    if lane is not None and lane.hold:
        asked = report is not None and report.clause.lane_id == lane.pk
        hold_at_once(case, snapshot, report.clause if report and asked else case.clause, report)


def lock_decided_at_once(case: Case, clause: Clause) -> None:
    """The same for what an operator decides at once under `clause`, and nobody reported: no words of it lie open."""
    if clause.lane is not None and clause.lane.sealed and not (case.lane and case.lane.sealed):
        _move(case, clause.lane)
    if (case.lane is not None and case.lane.sealed) or quarantine.is_locked(case.subject):
        lock_away(case)


def _move(case: Case, lane: Lane) -> None:
    case.lane = lane
    case.save(update_fields=["lane"])
