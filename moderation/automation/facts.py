"""What conditions ask of a case, as SQL: for the cases of this moment and for those of the past alike (I1, I2).

There is one text for both, so that a backtest says what the rule would have done and not what something like it would
have. A fact is as it was at the case's `moment`: reports that had come by then, strikes given before, the age of the
account that day. Scores are those of the classifiers that count now, whenever they were given, because they depend on
the content alone; reach, clause and language are as they are now, because nothing says what they were.
"""

from collections.abc import Sequence
from typing import Any

from moderation.automation.conditions import AT_LEAST, LEVELS, ONE_OF, Condition, Conditions
from moderation.automation.models import Rule
from moderation.cases.models import Confirmation, Decision
from moderation.reports.models import Report
from moderation.reports.reliability import FIRMNESS, PRIOR_DECIDED, PRIOR_UPHELD


def final(alias: str) -> str:
    """Whether a row of cases_decision is a person's that counts; the same as Decision.objects.final()."""
    return f"""(NOT {alias}.interim AND {alias}.undone_at IS NULL AND NOT EXISTS (
        SELECT FROM cases_confirmation waits WHERE waits.decision_id = {alias}.id
        AND waits.state = '{Confirmation.State.WAITING.value}'))"""


_BY_PEOPLE = ", ".join(f"'{one.value}'" for one in Report.BY_PEOPLE)
_CASES = """
FROM moment JOIN cases_case c ON c.id = moment.case_id JOIN policy_clause clause ON clause.id = c.clause_id"""
# Reports that count for something: by people who stand by them.
_COUNTS = f"r.state <> '{Report.State.WITHDRAWN.value}' AND r.channel IN ({_BY_PEOPLE})"
# Every query begins WITH moment AS (…), which has case_id and at. What is joined is asked for in sets, because a
# backtest asks it of every case there is; the few cases of a worker's batch find it by the same indexes.
# The reports of a case until its moment, and the newest content that was reported: what a rule is about.
_REPORTED = f"""
JOIN (
    SELECT m.case_id, (max(ARRAY[r.id, r.snapshot_id]))[2] AS snapshot_id, count(*) FILTER (WHERE {_COUNTS}) AS number,
        count(*) FILTER (WHERE {_COUNTS} AND r.trusted) AS trusted
    FROM moment m JOIN cases_casereport j ON j.case_id = m.case_id
    JOIN reports_report r ON r.id = j.report_id AND r.created_at <= m.at
    GROUP BY m.case_id
) reported ON reported.case_id = c.id"""  # noqa: S608 - our own codes
# Of several classifiers that say the same label the surest: a later 0 of another one takes nothing back.
_SCORE = """
LEFT JOIN LATERAL (
    SELECT s.value, (s.value >= s.threshold)::int + (s.value >= s.confident_threshold)::int AS level
    FROM scoring_score s WHERE s.snapshot_id = reported.snapshot_id AND s.counts AND s.label = {label}
    ORDER BY level DESC, s.value DESC LIMIT 1
) {name} ON true"""
# As moderation.reports.reliability says, from the reports that were decided before. Who reported and what was decided
# are walked through together, once, the questions before what was decided at the same moment: who reports much would
# else have all of it read again for each case.
_RELIABILITY = f"""
LEFT JOIN (
    WITH asked AS (
        SELECT DISTINCT m.case_id, m.at, r.reporter_id, r.clause_id
        FROM moment m JOIN cases_casereport j ON j.case_id = m.case_id JOIN reports_report r ON r.id = j.report_id
        WHERE r.created_at <= m.at AND {_COUNTS}
    ), walked AS (
        SELECT case_id, reporter_id, clause_id, sum(decided) OVER everything AS all_decided,
            sum(upheld) OVER everything AS all_upheld, sum(decided) OVER alike AS decided,
            sum(upheld) OVER alike AS upheld
        FROM (
            SELECT case_id, reporter_id, clause_id, at, 0 AS decided, 0 AS upheld FROM asked
            UNION ALL SELECT NULL, p.reporter_id, p.clause_id, p.closed_at, 1,
                (p.state = '{Report.State.UPHELD.value}')::int
            FROM reports_report p WHERE p.reporter_id IN (SELECT reporter_id FROM asked) AND p.closed_at IS NOT NULL
                AND p.state IN ('{Report.State.UPHELD.value}', '{Report.State.REJECTED.value}')
        ) both_of_them
        WINDOW everything AS (PARTITION BY reporter_id ORDER BY at, decided ROWS UNBOUNDED PRECEDING),
            alike AS (PARTITION BY reporter_id, clause_id ORDER BY at, decided ROWS UNBOUNDED PRECEDING)
    )
    SELECT case_id, 100 * avg((upheld + {FIRMNESS} * (all_upheld + {PRIOR_UPHELD})::float
        / (all_decided + {PRIOR_DECIDED})) / (decided + {FIRMNESS}) ORDER BY reporter_id, clause_id) AS mean
    FROM walked WHERE case_id IS NOT NULL GROUP BY case_id
) reliable ON reliable.case_id = c.id"""  # noqa: S608 - our own codes
# Violations of the same author in other cases, so many days before the moment. Of a case that was decided again the
# newest decision counts, as in moderation.cases.strikes. Moments and strikes are walked through together, once: who has
# thousands of cases would else be compared with himself thousands of times.
_STRIKES = f"""
LEFT JOIN (
    WITH strike AS (
        SELECT DISTINCT ON (d.case_id) d.case_id, p.author_id, d.decided_at AS at,
            d.outcome = '{Decision.Outcome.VIOLATION.value}'
                AND d.overturned <> '{Decision.Overturned.WHOLLY.value}' AS counts
        FROM cases_case p JOIN cases_decision d ON d.case_id = p.id
        WHERE {final("d")} AND p.author_id IN (
            SELECT mine.author_id FROM moment m JOIN cases_case mine ON mine.id = m.case_id)
        ORDER BY d.case_id, d.id DESC
    ), walked AS (
        SELECT case_id, at, sum(strikes) OVER (PARTITION BY author_id ORDER BY at
            RANGE BETWEEN make_interval(days => {{days}}) PRECEDING AND interval '1 microsecond' PRECEDING) AS number
        FROM (
            SELECT m.case_id, mine.author_id, m.at, 0 AS strikes
            FROM moment m JOIN cases_case mine ON mine.id = m.case_id WHERE mine.author_id IS NOT NULL
            UNION ALL SELECT NULL, author_id, at, 1 FROM strike WHERE counts
        ) both_of_them
    )
    SELECT walked.case_id, COALESCE(walked.number, 0)
        - (own.case_id IS NOT NULL AND own.at >= walked.at - make_interval(days => {{days}}))::int AS number
    FROM walked LEFT JOIN strike own ON own.case_id = walked.case_id AND own.counts AND own.at < walked.at
    WHERE walked.case_id IS NOT NULL
) {{name}} ON {{name}}.case_id = c.id"""  # noqa: S608 - our own codes
_AUTHOR = """
LEFT JOIN accounts_user author ON author.id = c.author_id"""
_REPOSITORY = """
LEFT JOIN subjects_subject subject ON subject.id = c.subject_id
LEFT JOIN community_comment said ON said.id = subject.comment_id
LEFT JOIN community_discussion place ON place.id = COALESCE(subject.discussion_id, said.discussion_id)
LEFT JOIN repositories_repository repository ON repository.id = COALESCE(subject.repository_id, place.repository_id)"""
# What is known of each case without another table, and what is beside it in one.
_PLAIN = {"subject": "c.subject_kind", "language": "c.language", "clause": "clause.code"}
_BESIDE = {
    "reports": ("", "reported.number"),
    "trusted": ("", "reported.trusted"),
    "reliability": (_RELIABILITY, "reliable.mean"),
    "likes": (_REPOSITORY, "repository.likes"),
    "downloads": (_REPOSITORY, "repository.downloads"),
    "account_age": (_AUTHOR, "floor(extract(epoch FROM moment.at - author.date_joined) / 86400)"),
}
# Conditions that the number of a case's reports bounds: of fewer reports there are fewer people.
_BOUNDED = ("reporters", "reports", "trusted")


class Facts:
    """The facts that some rules ask for: the joins they take, their values, and what has to hold.

    Independent reporters are counted apart, see reporters.py: where they are asked for, the moment brings their number.
    """

    def __init__(self) -> None:
        self.params: dict[str, Any] = {}
        self._joins: dict[str, None] = {}
        self._names: dict[str, str] = {}

    @property
    def joins(self) -> str:
        """What follows upon WITH moment AS (…) SELECT …, once everything was asked for."""
        return _CASES + _REPORTED + "".join(self._joins)

    def holds(self, rule: Rule, conditions: Conditions) -> str:
        """Whether `rule` is about the case, and its `conditions` hold."""
        return " AND ".join([*self._scope(rule), *map(self._group, conditions.groups)])

    def may_hold(self, rule: Rule, conditions: Conditions) -> str:
        """The same as far as the case's own row, and an index or two, say it: true of every case of which it holds."""
        found = self._scope(rule)
        for group in conditions.groups:
            parts = [self._bound(one) for one in group.conditions]
            known = [one for one in parts if one is not None]
            if group.match == "all":
                found += known
            elif len(known) == len(parts):
                found.append(f"({' OR '.join(known)})")
        return " AND ".join(found)

    def values(self, conditions: Conditions) -> str:
        """The facts that `conditions` ask for, as a JSON object by their names."""
        parts = [f"{self._param(name)}::text, {sql}" for name, sql in self._facts(conditions).items()]
        return f"json_build_object({', '.join(parts)})"

    def _facts(self, conditions: Conditions) -> dict[str, str]:
        return {one.fact: self._value(one) for one in conditions}

    def _scope(self, rule: Rule) -> list[str]:
        found = [f"c.subject_kind = ANY({self._param(list(rule.subject_kinds))})"]
        if rule.clauses:
            found.append(f"clause.code = ANY({self._param(list(rule.clauses))})")
        return found

    def _group(self, group: Any) -> str:
        joint = " AND " if group.match == "all" else " OR "
        return f"({joint.join(self._compared(one) for one in group.conditions)})"

    def _compared(self, one: Condition) -> str:
        sql = self._value(one)
        if one.level:
            sql = sql.replace(".value", ".level")
        return f"COALESCE({self._comparison(one, sql)}, false)"

    def _comparison(self, one: Condition, sql: str) -> str:
        if one.values:
            return f"{sql} {'= ANY' if one.comparison == ONE_OF else '<> ALL'}({self._param(list(one.values))})"
        number = LEVELS[one.level] if one.level else one.number
        return f"{sql} {'>=' if one.comparison == AT_LEAST else '<='} {self._param(number)}"

    def _bound(self, one: Condition) -> str | None:
        if one.kind in _PLAIN:
            return self._compared(one)
        if one.kind in _BOUNDED and one.comparison == AT_LEAST:
            return f"c.report_count >= {self._param(one.number)}"
        if one.kind == "score" and one.comparison == AT_LEAST:
            threshold = {"flagged": "s.threshold", "confident": "s.confident_threshold"}.get(one.level)
            least = threshold or self._param(one.number)
            return f"""c.subject_id IN (SELECT shot.subject_id FROM scoring_score s
                JOIN subjects_snapshot shot ON shot.id = s.snapshot_id
                WHERE s.counts AND s.label = {self._param(one.label)} AND s.value >= {least})"""  # noqa: S608
        return None

    def _value(self, one: Condition) -> str:
        if one.kind in _PLAIN:
            return _PLAIN[one.kind]
        if one.kind == "reporters":
            return "moment.reporters"
        if one.kind in _BESIDE:
            join, sql = _BESIDE[one.kind]
            self._joins[join] = None
            return sql
        name = self._names.get(one.fact)
        if name is None:
            name = self._names[one.fact] = f"{one.kind}_{len(self._names)}"
            if one.kind == "score":
                join = _SCORE.format(name=name, label=self._param(one.label))
            else:
                join = _STRIKES.format(name=name, days=self._param(one.days))
            self._joins[join] = None
        return f"{name}.value" if one.kind == "score" else f"{name}.number"

    def _param(self, value: Any) -> str:
        name = f"p{len(self.params)}"
        self.params[name] = value
        return f"%({name})s"


def counts_reporters(every: Sequence[Conditions]) -> bool:
    """Whether any of these conditions asks for independent reporters."""
    return any(one.kind == "reporters" for conditions in every for one in conditions)
