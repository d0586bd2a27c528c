"""What the priority of a case is computed from, read in one statement for one case or for many (D4)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from foundation.asking import ask
from foundation.drafts import draft
from moderation.cases.models import Case, Deadline, Party
from moderation.reports.models import Report
from moderation.reports.people import weigh_people
from moderation.reports.reliability import Pair, reliability_from, weight_of
from repositories import trending

# More reports of one case are not weighed: long before them the term is at its most.
MOST_REPORTS = 1_000
# Two to the power of more is out of reach of any activity.
_HIGHEST = 200.0
# These are terms of their own.
_OWN_TERMS = (Deadline.Kind.INTERIM_REVIEW, Deadline.Kind.CONTESTED)
_OTHERS = [kind for kind in Deadline.LOOKED_AT if kind not in _OWN_TERMS]


@dataclass(frozen=True)
class Facts:
    """What is known of one open case at one moment. Without a repository there is neither reach nor trend."""

    severity: int = 1
    clause: str = ""
    label: str = ""
    score: float | None = None
    level: int = 0  # of the score: 1 over its threshold, 2 confident
    reporters: int = 0  # people, of whom two accounts may be one
    weight: float = 0.0  # the sum of their reliabilities
    likes: int | None = None
    downloads: int | None = None
    activity: float = 0.0  # likes and downloads of these days, see repositories/trending.py
    lane: str = ""
    lane_points: float = 0.0  # what it or a later lane gives: a report may bring the case into an earlier one
    reserved: bool = False  # the lane is for a named role
    author: int | None = None  # who must not decide: the person, and the organization, whose subject it is
    organization: int | None = None
    interim: bool = False  # a rule acted, and nobody reviewed it
    contested: bool = False  # somebody contests what a rule did, and no human answered (G2)
    deadline: bool = False  # another than that review
    overdue: bool = False
    window_over: bool = False  # the owner was asked and did not answer in time


def _one_of(*codes: str) -> str:
    return ", ".join(f"'{code}'" for code in codes)


# One statement, since every report that comes in asks for it. What is always the same stands in it, and one case is
# asked for as one: so PostgreSQL plans it once for a connection and not each time.
_FACTS = f"""
SELECT one.id, clause.severity, clause.title, best.label, best.value, best.level,
    repository.likes, repository.downloads, repository.trending, lane.title,
    (SELECT MAX(points) FROM policy_lane later WHERE later."order" >= lane."order"), lane.group_id, one.due_at,
    EXISTS (SELECT FROM cases_deadline d WHERE d.case_id = one.id AND d.kind = '{Deadline.Kind.INTERIM_REVIEW}'
        AND d.settled_at IS NULL),
    EXISTS (SELECT FROM cases_deadline d WHERE d.case_id = one.id AND d.kind = '{Deadline.Kind.CONTESTED}'
        AND d.settled_at IS NULL),
    EXISTS (SELECT FROM cases_deadline d WHERE d.case_id = one.id AND d.kind IN ({_one_of(*_OTHERS)})
        AND d.settled_at IS NULL),
    EXISTS (SELECT FROM cases_party p WHERE p.case_id = one.id AND p.role = '{Party.Role.OWNER}' AND p.left_at IS NULL
        AND p.paused_at IS NULL AND p.answer_until <= %(now)s),
    COALESCE(comment.author_id, CASE WHEN subject.discussion_id IS NOT NULL THEN place.author_id END, owner.user_id,
        subject.user_id),
    COALESCE(owner.organization_id, subject.organization_id),
    (SELECT json_agg(report) FROM (
        SELECT json_build_array(r.id, r.reporter_id, r.clause_id, r.channel, r.address, r.created_at) AS report
        FROM cases_casereport joined JOIN reports_report r ON r.id = joined.report_id
        WHERE joined.case_id = one.id AND r.channel IN ({_one_of(*Report.BY_PEOPLE)})
            AND r.state <> '{Report.State.WITHDRAWN}'
        ORDER BY joined.id LIMIT {MOST_REPORTS}) first_ones),
    (SELECT json_agg(json_build_array(k.reporter_id, k.clause_id, k.upheld, k.decided)) FROM reports_reporterrecord k
        WHERE k.reporter_id IN (SELECT r.reporter_id FROM cases_casereport joined
            JOIN reports_report r ON r.id = joined.report_id WHERE joined.case_id = one.id))
FROM cases_case one
JOIN policy_clause clause ON clause.id = one.clause_id
JOIN subjects_subject subject ON subject.id = one.subject_id
LEFT JOIN policy_lane lane ON lane.id = one.lane_id
LEFT JOIN community_comment comment ON comment.id = subject.comment_id
LEFT JOIN community_discussion place ON place.id = COALESCE(subject.discussion_id, comment.discussion_id)
LEFT JOIN repositories_repository repository ON repository.id = COALESCE(subject.repository_id, place.repository_id)
LEFT JOIN accounts_namespace owner ON subject.repository_id IS NOT NULL AND owner.id = repository.namespace_id
LEFT JOIN LATERAL (
    SELECT score.label, score.value,
        (score.value >= score.threshold)::int + (score.value >= score.confident_threshold)::int AS level
    FROM subjects_snapshot snapshot JOIN scoring_score score
        ON score.snapshot_id = snapshot.id
    WHERE snapshot.subject_id = one.subject_id AND score.counts AND EXISTS (
        SELECT FROM cases_casereport joined JOIN reports_report r ON r.id = joined.report_id
        WHERE joined.case_id = one.id AND r.snapshot_id = snapshot.id)
    ORDER BY score.value DESC, score.id LIMIT 1
) best ON true
"""  # noqa: S608 - our own codes
_OF_ONE, _OF_MANY = f"{_FACTS} WHERE one.id = %(case)s", f"{_FACTS} WHERE one.id = ANY(%(cases)s)"


def facts_of(case: Case, now: datetime) -> Facts:
    """Everything that the priority of `case` depends on at `now`; one query."""
    return facts_of_many([case], now)[case.pk]


def facts_of_many(cases: Sequence[Case], now: datetime) -> dict[int, Facts]:
    """The facts of `cases` at `now` by the id of the case; one query, however many cases and reports."""
    keys = [case.pk for case in cases]
    values: dict[str, Any] = {"now": now} | ({"case": keys[0]} if len(keys) == 1 else {"cases": keys})
    rows = ask(_OF_ONE if len(keys) == 1 else _OF_MANY, values)
    found = {}
    for key, severity, clause, label, score, level, *row, of_case, records in rows:
        likes, downloads, trend, lane, points, group, due, interim, contested, others, over, author, organization = row
        reports = [_report(*values) for values in of_case or ()]
        found[key] = Facts(
            severity=severity,
            clause=clause,
            label=label or "",
            score=score,
            level=level or 0,
            reporters=int(weigh_people(reports, lambda _one: 1.0)),
            weight=weight_of(reports, _reliabilities(reports, records or ())),
            likes=likes,
            downloads=downloads,
            activity=activity_of(trend, now),
            lane=lane or "",
            lane_points=points or 0.0,
            reserved=group is not None,
            author=author,
            organization=organization,
            interim=interim,
            contested=contested,
            deadline=due is not None and (others or not (interim or contested)),
            overdue=due is not None and due <= now,
            window_over=over,
        )
    return found


def facts_at_first(case: Case, *, reliability: float, now: datetime) -> Facts:
    """The same of a case that opens with its first report, by a person, outside of every lane; no query.

    `case` is not saved yet; its subject with its target and, where it has one, its repository are loaded, and nothing
    was scored before. `reliability` is the reporter's, 0 to 1.
    """
    home = case.subject.home
    author, organization = case.subject.holder_ids()
    return Facts(
        severity=case.clause.severity,
        clause=case.clause.title,
        reporters=1,
        weight=reliability,
        likes=home.likes if home else None,
        downloads=home.downloads if home else None,
        activity=activity_of(home.trending, now) if home else 0.0,
        author=author,
        organization=organization,
    )


def activity_of(trend: float | None, now: datetime) -> float:
    """The decayed sum of likes and downloads at `now` of a repository whose stored logarithm of it is `trend`."""
    if not trend:
        return 0.0
    return math.pow(2.0, min(trend - (now - trending.EPOCH) / trending.HALF_LIFE, _HIGHEST))


def _reliabilities(reports: Sequence[Report], records: Sequence[tuple[int, int, int, int]]) -> dict[Pair, float]:
    """How much the reporters' words weigh under the clauses of their reports; `records` are theirs."""
    of_reporter: dict[int, list[Sequence[int]]] = {}
    for reporter, *record in records:
        of_reporter.setdefault(reporter, []).append(record)
    pairs = {(one.reporter_id, one.clause_id) for one in reports}
    return {(reporter, clause): reliability_from(of_reporter.get(reporter, ()), clause) for reporter, clause in pairs}


def _report(key: int, reporter: int, clause: int, channel: str, address: str, at: str) -> Report:
    """A report with what its weight depends on, and nothing else."""
    moment = datetime.fromisoformat(at)
    known = {"reporter_id": reporter, "clause_id": clause, "channel": channel, "address": address}
    return draft(Report, id=key, created_at=moment, **known)
