"""`python -m benchmarks.cases_data --cases 100000`: as many cases in the empty, migrated database of DATABASE_URL.

Written by SQL, with the owner's role: indexes and foreign keys are dropped first and built again afterwards, as a
restore does. By default one case in 25 is open, and there are five reports and ten scores for each. The spread is that
of a hub: most cases are about comments, a few clauses have most of them, one in a hundred lies in a lane for a named
role, and those come first; some are parked, held, decided long ago, written in Thai.
"""

import argparse
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import django

django.setup()

from django.db import connection, transaction  # noqa: E402
from django.db.backends.utils import CursorWrapper  # noqa: E402

from accounts.queries import system_actor  # noqa: E402

OPEN_SHARE, REPORTS, SCORES = 25, 5, 10
# Ids of what is written begin here, so that one row finds another by arithmetic.
BASE = 10_000_000
TABLES = (
    "accounts_user", "accounts_namespace", "accounts_organization", "repositories_repository", "community_discussion",
    "community_comment", "subjects_subject", "subjects_snapshot", "scoring_score", "reports_report",
    "reports_reporterrecord", "cases_case", "cases_casereport", "cases_deadline",
)  # fmt: skip


@dataclass(frozen=True)
class Size:
    """How much to write. Subjects are fewer than cases: some were reported again after a decision."""

    cases: int
    open: int
    reports: int
    scores: int

    @classmethod
    def of(cls, cases: int) -> "Size":
        return cls(cases, cases // OPEN_SHARE, cases * REPORTS, cases * SCORES)

    @property
    def subjects(self) -> int:
        return max(self.cases * 4 // 5 // 200, 1) * 200

    @property
    def people(self) -> int:
        return max(self.cases // 20, 200)


_PEOPLE = """
INSERT INTO accounts_user (id, password, is_superuser, username, first_name, last_name, email, is_staff, is_active,
    public_id, fullname, bio, language, time_zone, date_joined, nfaa, is_guest)
SELECT {base} + n, '!', false, 'person-' || n, '', '', 'person-' || n || '@people.example', false, true,
    gen_random_uuid(), '', '', 'en', 'UTC', now() - interval '1 year', 'ask', false
FROM generate_series(1, {people}) n;
INSERT INTO accounts_organization (id, public_id, name, fullname)
SELECT {base} + n, gen_random_uuid(), 'group-' || n, '' FROM generate_series(1, {people} / 5 + 1) n;
INSERT INTO accounts_namespace (id, name, user_id)
SELECT {base} + n, 'person-' || n, {base} + n FROM generate_series(1, {people}) n;
INSERT INTO accounts_namespace (id, name, organization_id)
SELECT 2 * {base} + n, 'group-' || n, {base} + n FROM generate_series(1, {people} / 5 + 1) n
"""
# Number n is a comment, discussion, repository, person or organization by its last digits; what it lies in has a number
# of its own in the same block of 200.
_THINGS = """
INSERT INTO repositories_repository (id, public_id, kind, namespace_id, name, created_by_id, visibility, gating, head,
    last_discussion, card, title, license, tags, languages, matter, pipeline_tag, library, base_models, datasets,
    ethical_categories, missing_documentation, search_text, signals, nfaa, card_nfaa, nfaa_commit, likes, downloads,
    trending, listed)
SELECT {base} + n, gen_random_uuid(), 'model',
    CASE WHEN n % 2 = 0 THEN {base} + n / 20 % {people} + 1 ELSE 2 * {base} + n / 100 % ({people} / 5) + 1 END,
    'model-' || n, {system}, 'public', 'none', '', 0, '', '', '', '{{}}', '{{}}', '{{}}', '', '', '{{}}', '{{}}',
    '{{}}', '{{}}', 'model-' || n, '[]', false, false, '', floor(1000 ^ random()) - 1, floor(1000000 ^ random()) - 1,
    CASE WHEN random() < 0.4 THEN 0 ELSE 45 + 12 * ln(random()) END, true
FROM generate_series(0, {subjects} - 1) n WHERE n % 20 IN (16, 17, 18);
INSERT INTO community_discussion (id, public_id, repository_id, number, title, author_id, origin, status,
    is_pull_request, locked, locked_by_team, lock_reason, locked_by_owner, owner_lock_reason, request_id, last_position,
    comment_count)
SELECT {base} + n, gen_random_uuid(), {base} + n - n % 20 + 16, n % 20, 'Question ' || n,
    {base} + floor({people} * random() ^ 2)::int + 1, 'person', 'open', false, false, false, '', false, '',
    gen_random_uuid(), 0, 0
FROM generate_series(0, {subjects} - 1) n WHERE n % 20 IN (14, 15);
INSERT INTO community_comment (id, public_id, discussion_id, author_id, position, text, hidden, request_id)
SELECT {base} + n, gen_random_uuid(), {base} + n - n % 200 + 14, {base} + floor({people} * random() ^ 2)::int + 1,
    n % 200 + 1, 'What was said as number ' || n, false, gen_random_uuid()
FROM generate_series(0, {subjects} - 1) n WHERE n % 20 < 14;
INSERT INTO subjects_subject (id, public_id, comment_id, discussion_id, repository_id, organization_id, user_id)
SELECT {base} + n, gen_random_uuid(), CASE WHEN n % 20 < 14 THEN {base} + n END,
    CASE WHEN n % 20 IN (14, 15) THEN {base} + n END, CASE WHEN n % 20 IN (16, 17, 18) THEN {base} + n END,
    CASE WHEN n % 100 = 19 THEN {base} + n / 100 + 1 END,
    CASE WHEN n % 20 = 19 AND n % 100 <> 19 THEN {base} + n / 20 + 1 END
FROM generate_series(0, {subjects} - 1) n;
INSERT INTO subjects_snapshot (id, subject_id, part, revision, title, text, author_name, language, sealed)
SELECT {base} + n, {base} + n, 'text', md5(n::text), '', 'What was said as number ' || n, 'person', 'en', false
FROM generate_series(0, {subjects} - 1) n
"""
_SCORES = """
INSERT INTO scoring_classifierrevision (id, fingerprint, name, model, weights_sha256, head_version, code_version,
    libraries, precision, device)
VALUES ({base}, 'benchmark', 'text', 'benchmark', '', '', '', '{{}}', 'fp32', 'cpu');
INSERT INTO scoring_score (label, value, threshold, confident_threshold, start, "end", milliseconds, revision_id,
    snapshot_id)
SELECT 'label-' || label, random() ^ 3, 0.5, 0.8, 0, 5, 1.5, {base}, {base} + n
FROM generate_series(0, {subjects} - 1) n, generate_series(1, {labels}) label
"""
# Ranks are those of the formula for the points drawn here. What lies in a lane for a named role comes first.
_CASES = """
INSERT INTO cases_case (id, public_id, subject_id, subject_kind, kind, state, clause_id, track, lane_id, at_risk,
    language, version, opened_at, decided_at, answered_at, due_at, parked, parked_until, points, rank, formula,
    best_label, best_value, best_level, reach, ranked_at, author_id, organization_id, reserved, report_count,
    assignee_id, lease_until, event_count, event_head, checkpointed)
SELECT {base} + n, gen_random_uuid(), {base} + s,
    CASE WHEN s % 20 < 14 THEN 'comment' WHEN s % 20 < 16 THEN 'discussion' WHEN s % 20 < 19 THEN 'repository'
        WHEN s % 100 = 19 THEN 'organization' ELSE 'user' END,
    CASE WHEN waits AND tongue < 0.03 THEN 'appeal' ELSE 'review' END, CASE WHEN waits THEN 'open' ELSE 'decided' END,
    clause.id, clause.track, lane.id, false,
    CASE WHEN tongue < 0.6 THEN 'en' WHEN tongue < 0.75 THEN 'th' WHEN tongue < 0.95 THEN 'x' || (n % 9) ELSE '' END,
    1, opened, CASE WHEN NOT waits THEN opened + interval '30 days' * draw * luck END,
    CASE WHEN NOT waits AND tongue < 0.001 THEN opened + interval '31 days' END,
    CASE WHEN waits AND luck < 0.1 THEN now() + interval '1 day' * (3 * draw - 0.3) END,
    CASE WHEN put_by THEN (ARRAY['snoozed', 'owner'])[1 + n % 2] ELSE '' END,
    CASE WHEN put_by THEN now() + interval '1 hour' * (72 * draw - 0.5) END,
    counted.points, -counted.points + 0.5 * extract(epoch FROM opened - timestamptz '2026-01-01 00:00+00') / 3600, 1,
    'label-1', draw, 0, 0, opened, COALESCE(comment.author_id, place.author_id, owner.user_id, subject.user_id),
    COALESCE(owner.organization_id, subject.organization_id), lane.group_id IS NOT NULL, 1,
    CASE WHEN held THEN {base} + n % 32 + 1 END,
    CASE WHEN held THEN now() + interval '1 minute' * (CASE WHEN n % 5 = 0 THEN 600 ELSE -5000 * draw - 1 END) END,
    1, '', 1
FROM (
    SELECT n, (n - 1) % {subjects} AS s, n > {cases} - {open} AS waits, random() AS draw, random() AS luck,
        random() AS tongue, n > {cases} - {open} AND n % 12 = 5 AS put_by, n > {cases} - {open} AND n % 50 = 7 AS held,
        floor({clauses} * random() ^ 3)::int AS which,
        now() - CASE WHEN n > {cases} - {open} THEN interval '14 days' * random() ^ 2
            ELSE interval '31 days' + interval '2 years' * ({cases} - n) / {cases}::float END AS opened
    FROM generate_series(1, {cases}) n
) one
JOIN LATERAL (
    SELECT id, track, lane_id, severity FROM ({ordered}) numbered
    WHERE place = CASE WHEN draw < 0.01 THEN {minors} ELSE which END
) clause ON true
LEFT JOIN policy_lane lane ON lane.id = COALESCE(clause.lane_id, CASE
    WHEN luck > 0.97 THEN {trusted} WHEN luck > 0.96 THEN {threat} WHEN luck > 0.95 THEN {senior}
    WHEN luck > 0.94 THEN {legal} END)
CROSS JOIN LATERAL (
    SELECT COALESCE(lane.points, 0) + 8 * clause.severity + 40 * draw + 40 * luck ^ 3 + 20 * tongue AS points
) counted
JOIN subjects_subject subject ON subject.id = {base} + s
LEFT JOIN community_comment comment ON comment.id = subject.comment_id
LEFT JOIN community_discussion place ON place.id = subject.discussion_id
LEFT JOIN repositories_repository repository ON repository.id = subject.repository_id
LEFT JOIN accounts_namespace owner ON owner.id = repository.namespace_id;
INSERT INTO cases_deadline (case_id, kind, due_at, attempts, last_error)
SELECT id, 'decide', due_at, 0, '' FROM cases_case WHERE due_at IS NOT NULL
"""
_REPORTS = """
INSERT INTO reports_report (id, public_id, subject_id, snapshot_id, clause_id, reporter_id, ground, text, confidential,
    channel, state, created_at, closed_at, request_id, address, bad_faith, danger, trusted, links, passage)
SELECT {base} + row_number() OVER (), gen_random_uuid(), one.subject_id, one.subject_id, one.clause_id,
    {base} + (one.id * 7919 + k * 104729) % {people} + 1, 'rules', 'I think that this breaks the rule.', true,
    CASE WHEN k % 10 < 7 THEN 'form' WHEN k % 10 < 9 THEN 'api' ELSE 'mail' END,
    CASE WHEN one.state = 'open' THEN 'open' WHEN one.id % 3 = 0 THEN 'rejected' ELSE 'upheld' END,
    one.opened_at, one.decided_at, gen_random_uuid(), '', false, false, false, '{{}}', one.id::text
FROM cases_case one, LATERAL (
    SELECT LEAST(GREATEST(1, round(-ln(1 - random()) * {each} + 0.2 * (one.id % 2)))::int, {people}) AS times
) drawn, generate_series(1, drawn.times) k;
INSERT INTO cases_casereport (id, case_id, report_id) SELECT id, passage::bigint, id FROM reports_report;
UPDATE cases_case SET report_count = counted.number
FROM (SELECT case_id, count(*) AS number FROM cases_casereport GROUP BY case_id) counted
WHERE counted.case_id = cases_case.id AND cases_case.state = 'open';
INSERT INTO reports_reporterrecord (reporter_id, clause_id, upheld, decided, bad_faith)
SELECT reporter_id, clause_id, count(*) FILTER (WHERE state = 'upheld'), count(*), 0 FROM reports_report
WHERE state IN ('upheld', 'rejected') GROUP BY reporter_id, clause_id
"""


def fill(size: Size) -> None:
    """Write as much as `size` says, then build the indexes, and have the planner look at it."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'; SET LOCAL work_mem = '256MB'")
        cursor.execute("SET LOCAL jit = off; SELECT setseed(0.42)")
        with _bare(cursor):
            values = _values(cursor, size)
            for statements in (_PEOPLE, _THINGS, _SCORES, _CASES, _REPORTS):
                for statement in statements.split(";\n"):
                    cursor.execute(statement.format(**values))
        for table in TABLES:
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id) + 1) FROM {table}")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


@contextmanager
def _bare(cursor: CursorWrapper) -> Iterator[None]:
    """The tables without foreign keys, indexes and triggers meanwhile."""
    cursor.execute(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
        "WHERE contype = 'f' AND conrelid::regclass::text = ANY(%s)",
        [list(TABLES)],
    )
    keys = cursor.fetchall()
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) AND schemaname = 'public' "
        "AND indexname NOT IN (SELECT conname FROM pg_constraint)",
        [list(TABLES)],
    )
    indexes = cursor.fetchall()
    for table, name, _definition in keys:
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    for name, _definition in indexes:
        cursor.execute(f'DROP INDEX "{name}"')
    for table in TABLES:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    yield
    cursor.execute("ANALYZE")
    for table in TABLES:
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    for _name, definition in indexes:
        cursor.execute(definition)
    for table, name, definition in keys:
        cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')


def _values(cursor: CursorWrapper, size: Size) -> dict[str, object]:
    ordered = 'SELECT id, track, lane_id, severity, row_number() OVER (ORDER BY "order", id) - 1 AS place '
    ordered += "FROM policy_clause"
    cursor.execute("SELECT count(*) FROM policy_clause")
    (clauses,) = cursor.fetchone()
    cursor.execute(
        f"SELECT place FROM ({ordered}) numbered JOIN policy_clause USING (id) WHERE code = 'minors-sexual-content'"
    )
    (minors,) = cursor.fetchone()
    cursor.execute("SELECT code, id FROM policy_lane")
    lanes = dict(cursor.fetchall())
    return {
        "base": BASE,
        "system": system_actor().pk,
        "cases": size.cases,
        "open": size.open,
        "subjects": size.subjects,
        "people": size.people,
        "labels": max(size.scores // size.subjects, 1),
        "each": size.reports / size.cases,
        "ordered": ordered,
        "clauses": clauses,
        "minors": minors,
        **{code: lanes[code] for code in ("trusted", "threat", "senior", "legal")},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=100_000)
    parser.add_argument("--open", type=int, help="of these cases (default: one in 25)")
    parser.add_argument("--reports", type=int, help="default: five a case")
    parser.add_argument("--scores", type=int, help="default: ten a case")
    asked = parser.parse_args()
    usual = Size.of(asked.cases)
    size = Size(asked.cases, asked.open or usual.open, asked.reports or usual.reports, asked.scores or usual.scores)
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM cases_case)")
        if cursor.fetchone()[0]:
            raise SystemExit("There are cases already. This fills an empty database only.")
    began = time.monotonic()
    fill(size)
    print(f"{size.cases:,} cases, {size.open:,} of them open, in {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
