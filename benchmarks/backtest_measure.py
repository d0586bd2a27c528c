"""Try rules on the past in the database of DATABASE_URL; the last line is JSON."""

import json
import os
import statistics
import sys
import time
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402

from accounts.queries import system_actor  # noqa: E402
from benchmarks.cases_data import BASE, Size, fill  # noqa: E402
from moderation.automation.backtests import backtest  # noqa: E402
from moderation.automation.holding import holding  # noqa: E402
from moderation.automation.models import BacktestCase, Rule  # noqa: E402

LABELS, REPORTS, ROUNDS, SAMPLE = 3, 2, 3, 300
# Cases are fewer than decided here: one in 25 is open.
_DECISIONS = """
ALTER TABLE cases_event DISABLE TRIGGER USER;
ALTER TABLE cases_decision DISABLE TRIGGER USER;
INSERT INTO cases_event (id, case_id, number, kind, actor_id, case_version, data, at, previous, hash)
SELECT id, id, 1, 'case.decided', {system}, 1, '{{}}', decided_at, '', '' FROM cases_case WHERE decided_at IS NOT NULL;
INSERT INTO cases_decision (id, public_id, case_id, actor_id, outcome, clause_id, policy_version_id, interim, override,
    event_id, decided_at, request_id)
SELECT id, gen_random_uuid(), id, {system}, CASE WHEN id % 3 = 0 THEN 'no_violation' ELSE 'violation' END, clause_id,
    (SELECT min(id) FROM policy_policyversion), false, '', id, decided_at, gen_random_uuid()
FROM cases_case WHERE decided_at IS NOT NULL;
INSERT INTO sanctions_measure (id, public_id, kind, subject_id, clause_id, policy_version_id, reason, actor_id,
    automated, interim, starts_at, lift_reason)
SELECT {base} + n, gen_random_uuid(), (ARRAY['friendly_warning', 'posting_ban'])[n], (SELECT min(id) FROM
    subjects_subject), (SELECT min(id) FROM policy_clause), (SELECT min(id) FROM policy_policyversion), '', {system},
    false, false, now(), '' FROM generate_series(1, 2) n;
INSERT INTO cases_decision_measures (decision_id, measure_id)
SELECT id, {base} + 1 + id % 2 FROM cases_decision WHERE outcome = 'violation';
UPDATE cases_case SET report_count = counted.number
FROM (SELECT case_id, count(*) AS number FROM cases_casereport GROUP BY case_id) counted
WHERE counted.case_id = cases_case.id AND cases_case.state <> 'open';
INSERT INTO accounts_membership (user_id, organization_id, role)
SELECT {base} + 20 * n, {base} + 1 + n / 5, 'read' FROM generate_series(1, {people} / 20) n
"""


def number(kind: str, comparison: str, value: int, **more: int) -> dict[str, Any]:
    return {"kind": kind, "comparison": comparison, "number": value, **more}


def rules() -> dict[str, Rule]:
    """The rules that are tried, by what they ask for. All of them look at everything."""
    sure = {"kind": "score", "label": "label-1", "level": "confident"}
    asked = {
        "a sure score and 3 independent reporters": [("all", [sure, number("reporters", "at_least", 3)])],
        "a flagged score": [("all", [{"kind": "score", "label": "label-1", "level": "flagged"}])],
        "a flagged score or 2 reports": [
            ("any", [{"kind": "score", "label": "label-1", "level": "flagged"}, number("reports", "at_least", 2)])
        ],
        "accounts of a year at most, and 2 earlier violations": [
            ("all", [number("account_age", "at_most", 365), number("strikes", "at_least", 2, days=3_650)])
        ],
        "sure score, likes, reliability and strikes together": [
            ("all", [sure]),
            ("any", [number("likes", "at_least", 10), number("strikes", "at_least", 3, days=365),
                     number("reliability", "at_least", 60)]),
        ],
    }  # fmt: skip
    found = {}
    for name, groups in asked.items():
        rule = Rule.objects.select_related("clause").get(code="toxic-comment")
        rule.subject_kinds = ["repository", "discussion", "comment", "user", "organization"]
        rule.conditions = {"groups": [{"match": match, "conditions": these} for match, these in groups]}
        found[name] = rule
    return found


def main() -> None:
    subjects = -(-int(sys.argv[1]) // LABELS // 200) * 200
    size = Size(subjects * 5 // 4, subjects // 20, subjects * 5 // 4 * REPORTS, subjects * LABELS)
    fill(size)
    with connection.cursor() as cursor:
        values = {"base": BASE, "system": system_actor().pk, "people": size.people}
        cursor.execute(_DECISIONS.format(**values))
        cursor.execute("ANALYZE")
        counts = []
        for table in ("scoring_score", "cases_case", "reports_report"):
            cursor.execute(f"SELECT count(*) FROM {table}")
            counts.append(cursor.fetchone()[0])
        # Open cases are as they are now, whoever asks.
        cursor.execute(
            "SELECT id FROM cases_case WHERE state = 'open' AND kind = 'review' ORDER BY md5(id::text) LIMIT %s",
            [SAMPLE],
        )
        sample = [row[0] for row in cursor.fetchall()]
    times: dict[str, list[float]] = {}
    held: dict[str, int] = {}
    answers: dict[str, set[int]] = {}
    tried = rules()
    for _round in range(ROUNDS):
        for name, rule in tried.items():
            began = time.perf_counter()
            row = backtest(rule, actor=system_actor())
            times.setdefault(name, []).append(time.perf_counter() - began)
            held[name] = row.held
            answers[name] = set(
                BacktestCase.objects.filter(backtest=row, case__in=sample).values_list("case", flat=True)
            )
    figures = {}
    for name, rule in tried.items():
        began = time.perf_counter()
        alone = {case for case in sample if holding([rule], [case])}
        one_by_one = (time.perf_counter() - began) / len(sample) * counts[1]
        seconds = statistics.median(times[name])
        figures[name] = {
            "held": held[name],
            "seconds": round(seconds, 2),
            "slowest": round(max(times[name]), 2),
            "one_by_one": round(one_by_one),
            "ratio": round(one_by_one / seconds),
            "otherwise": len(alone ^ answers[name]),
        }
    load = round(os.getloadavg()[0], 1)
    result = dict(zip(("scores", "cases", "reports"), counts, strict=True))
    print(json.dumps(result | {"load": load, "rules": figures}))


if __name__ == "__main__":
    main()
