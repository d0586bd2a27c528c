"""Decisions as labels: what people said last about what was scored (H9). A query over decisions and scores, no copy.

A snapshot has a label once its case is decided by a person, and as long as it is: what was taken back, waits for a
second moderator, or was reopened has none; what an appeal overturned is no violation. Only what was reported is scored,
and only what was decided has a label: neither is a sample of what people write.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from accounts.models import SYSTEM
from classifiers.evaluation.metrics import Flags, Floats
from foundation import clock
from moderation.appeals.models import Appeal
from moderation.cases.models import Case, Confirmation, Decision

RECENT = timedelta(days=30)


class Agreement(TextChoices):
    """What became of a decision after it was made."""

    STANDS = "stands", _("stands")
    CONFIRMED = "confirmed", _("confirmed by a second moderator")
    UPHELD = "upheld", _("contested, and stands")
    PARTLY = "partly", _("overturned in part")
    OVERTURNED = "overturned", _("overturned")


@dataclass(frozen=True)
class Labelled:
    """A score of a snapshot with the last word of a person: `violation` of the clause `clause` ("" for none).

    `positive` is what the score is compared with: a violation, of the clause that the label speaks for where the
    classifier names one for it.
    """

    classifier: str
    label: str
    value: float
    threshold: float
    confident_threshold: float
    snapshot: int
    subject: int
    case: uuid.UUID
    violation: bool
    positive: bool
    clause: str
    decided_by: str
    decided_at: datetime
    agreement: Agreement


@dataclass(frozen=True)
class Flagged:
    """Of the scores of a label under one threshold: how many people decided about, how many were over the threshold,
    and of these how many people agreed with; `positive` are those that people took for a violation, over it or not.
    """

    classifier: str
    label: str
    threshold: float
    confident_threshold: float
    decided: int
    positive: int
    flagged: int
    right: int
    confident: int
    confident_right: int


_LAST_WORD = f"""
WITH last_word AS (
    SELECT DISTINCT ON (report.snapshot_id) report.snapshot_id, one.public_id AS case_id, decision.clause_id,
        decision.actor_id, decision.decided_at,
        decision.outcome = '{Decision.Outcome.VIOLATION}' AND decision.overturned <> '{Decision.Overturned.WHOLLY}'
            AS violation,
        CASE
            WHEN decision.overturned = '{Decision.Overturned.WHOLLY}' THEN '{Agreement.OVERTURNED}'
            WHEN decision.overturned = '{Decision.Overturned.PARTLY}' THEN '{Agreement.PARTLY}'
            WHEN EXISTS (SELECT FROM appeals_appeal appeal WHERE appeal.decision_id = decision.id
                AND appeal.state = '{Appeal.State.REJECTED}') THEN '{Agreement.UPHELD}'
            WHEN EXISTS (SELECT FROM cases_confirmation second WHERE second.decision_id = decision.id
                AND second.state = '{Confirmation.State.CONFIRMED}') THEN '{Agreement.CONFIRMED}'
            ELSE '{Agreement.STANDS}'
        END AS agreement
    FROM cases_decision decision
    JOIN cases_case one ON one.id = decision.case_id
        AND one.kind = '{Case.Kind.REVIEW}' AND one.state = '{Case.State.DECIDED}'
    JOIN accounts_user actor ON actor.id = decision.actor_id AND actor.username <> '{SYSTEM}'
    JOIN cases_casereport joined ON joined.case_id = one.id
    JOIN reports_report report ON report.id = joined.report_id AND report.created_at <= decision.decided_at
    WHERE NOT decision.interim AND decision.undone_at IS NULL AND report.snapshot_id IS NOT NULL
        AND NOT EXISTS (SELECT FROM cases_confirmation waiting
            WHERE waiting.decision_id = decision.id AND waiting.state = '{Confirmation.State.WAITING}')
    ORDER BY report.snapshot_id, decision.decided_at DESC, decision.id DESC
), labelled AS (
    SELECT revision.classifier, score.label, score.value, score.threshold, score.confident_threshold,
        score.snapshot_id, word.case_id, word.violation,
        word.violation AND (of_label.clause_id IS NULL OR of_label.clause_id = word.clause_id) AS positive,
        word.clause_id, word.actor_id, word.decided_at, word.agreement
    FROM last_word word
    JOIN scoring_score score ON score.snapshot_id = word.snapshot_id
    JOIN scoring_classifierrevision revision ON revision.id = score.revision_id
    LEFT JOIN scoring_classifier version ON version.name || '@' || version.version = revision.classifier
    LEFT JOIN scoring_classifierlabel of_label
        ON of_label.classifier_id = version.id AND of_label.name = score.label
    WHERE (%(classifier)s = '' OR revision.classifier = %(classifier)s)
        AND (%(label)s = '' OR score.label = %(label)s)
)
"""  # noqa: S608 - our own codes
_COUNTED = f"""
{_LAST_WORD}
SELECT classifier, label, threshold, confident_threshold, count(*), count(*) FILTER (WHERE positive),
    count(*) FILTER (WHERE value >= threshold), count(*) FILTER (WHERE value >= threshold AND positive),
    count(*) FILTER (WHERE value >= confident_threshold),
    count(*) FILTER (WHERE value >= confident_threshold AND positive)
FROM labelled GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
"""  # noqa: S608
_VALUES = f"{_LAST_WORD} SELECT array_agg(value), array_agg(positive) FROM labelled"  # noqa: S608
_ROWS = f"""
{_LAST_WORD}
SELECT classifier, label, value, threshold, confident_threshold, snapshot_id, snapshot.subject_id, case_id, violation,
    positive, COALESCE(clause.code, ''), actor.username, decided_at, agreement
FROM labelled
JOIN subjects_snapshot snapshot ON snapshot.id = snapshot_id
JOIN accounts_user actor ON actor.id = actor_id
LEFT JOIN policy_clause clause ON clause.id = clause_id
WHERE NOT %(disagreed)s OR (value >= threshold) <> positive
ORDER BY decided_at DESC, snapshot_id DESC, label LIMIT %(most)s
"""  # noqa: S608
_RECENT = """
SELECT count(DISTINCT snapshot.subject_id) FILTER (WHERE score.value >= %(threshold)s),
    count(DISTINCT snapshot.subject_id)
FROM scoring_score score
JOIN scoring_classifierrevision revision ON revision.id = score.revision_id
JOIN subjects_snapshot snapshot ON snapshot.id = score.snapshot_id
WHERE revision.classifier = %(classifier)s AND score.label = %(label)s AND score.created_at >= %(since)s
"""


def counted(classifier: str = "") -> list[Flagged]:
    """For each classifier, label and threshold what its scores were worth; one query. "" for all classifiers."""
    return [Flagged(*row) for row in _asked(_COUNTED, classifier)]


def values_of(classifier: str, label: str) -> tuple[Flags, Floats]:
    """The truth and the value of every score of a label that has one; one query."""
    [(values, positive)] = _asked(_VALUES, classifier, label)
    return np.array(positive or [], dtype=bool), np.array(values or [], dtype=np.float64)


def labels(
    classifier: str = "", label: str = "", *, disagreed: bool = False, most: int | None = None
) -> list[Labelled]:
    """Scores with their labels, the newest decision first; of `disagreed` only those where people said otherwise.

    One query. Cases of named lanes are among them: who may see which is asked by whoever shows them.
    """
    rows = _asked(_ROWS, classifier, label, disagreed=disagreed, most=most)
    return [Labelled(*[*row[:-1], Agreement(row[-1])]) for row in rows]


def recent_cases(classifier: str, label: str, threshold: float) -> tuple[int, int]:
    """How many things scored in the last 30 days have a value from `threshold` on, and how many there are in all.

    Each thing has one open case at most, so many cases a threshold would have made.
    """
    since = clock.now() - RECENT
    [(over, scored)] = _asked(_RECENT, classifier, label, threshold=threshold, since=since)
    return over, scored


def _asked(statement: str, classifier: str, label: str = "", **values: Any) -> Sequence[Any]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"classifier": classifier, "label": label, **values})
        rows: Sequence[Any] = cursor.fetchall()
    return rows
