"""What a decision has to look at besides its case: asked at once, because most often nothing of it is there."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from accounts.models import User
from foundation import clock
from foundation.compiled import Compiled
from moderation.cases.models import Case, Confirmation, Deadline
from moderation.cases.permissions import Part
from moderation.policy.models import PolicyVersion
from moderation.reports.models import Report
from moderation.subjects.queries import AUTHOR_OF, answering_part

# Restoring after a counter-statement is promised, whatever is decided anew (C5); what ends, ends (E5).
KEPT = (Deadline.Kind.RESTORE, Deadline.Kind.MEASURE_ENDED)

_FIRST = 9  # what is asked for before the columns of the policy
_POLICY = tuple(field.attname for field in PolicyVersion._meta.concrete_fields)
# What is always the same stands in it, and no value is NULL: so one plan serves all, and planning this takes long.
# Each table in it costs something even where it has nothing to say: what most cases have nothing of is asked of one.
_NAMED = f"""
SELECT ombud_now(),
    EXISTS (SELECT FROM cases_decision WHERE case_id = %(case)s),
    EXISTS (SELECT FROM sanctions_measure WHERE subject_id = %(subject)s AND lifted_at IS NULL),
    EXISTS (SELECT FROM cases_party WHERE case_id = %(case)s),
    cases_lies_with(%(subject)s, %(actor)s),
    EXISTS (SELECT FROM cases_decision WHERE request_id = %(request)s),
    EXISTS (SELECT FROM cases_casereport joined JOIN reports_rightsclaim claim ON claim.report_id = joined.report_id
        WHERE joined.case_id = %(case)s),
    AT_RISK,
    ARRAY(SELECT kind FROM policy_guardedmeasure),
    {", ".join(f"version.{name}" for name in _POLICY)}
FROM policy_policyversion version WHERE version.effective_at <= ombud_now()
ORDER BY version.effective_at DESC LIMIT 1
"""  # noqa: S608 - names of our own columns
_AT_RISK = f"EXISTS (SELECT FROM cases_case WHERE author_id = ({{}}) AND at_risk AND state = '{Case.State.OPEN.value}')"
# Asked where there is a decision of the case, or a measure that nobody lifted.
_CLOSER = f"""
SELECT
    EXISTS (SELECT FROM cases_confirmation waiting JOIN cases_decision decision ON decision.id = waiting.decision_id
        WHERE decision.case_id = %(case)s AND waiting.state = '{Confirmation.State.WAITING.value}'),
    EXISTS (SELECT FROM sanctions_measure measure WHERE measure.subject_id = %(subject)s AND measure.interim
        AND measure.lifted_at IS NULL AND (measure.ends_at IS NULL OR measure.ends_at > ombud_now())),
    EXISTS (SELECT FROM cases_decision earlier JOIN cases_decision_measures taken ON taken.decision_id = earlier.id
        JOIN sanctions_measure measure ON measure.id = taken.measure_id
        WHERE earlier.case_id = %(case)s AND earlier.undone_at IS NULL AND NOT measure.interim
        AND measure.lifted_at IS NULL AND (measure.ends_at IS NULL OR measure.ends_at > ombud_now())),
    EXISTS (SELECT FROM sanctions_measure asked WHERE asked.subject_id = %(subject)s AND asked.until_done <> ''
        AND asked.lifted_at IS NULL AND asked.ends_at IS NULL AND asked.owner_request_id IS NOT NULL)
"""  # noqa: S608 - a name of our own state


@cache
def _asked(kind: str) -> tuple[str, list[str]]:
    """The SQL for a case about a thing of this kind, and the names of the values of its %s, in their order."""
    at_risk = _AT_RISK.format(AUTHOR_OF[kind].replace("%s", "%(subject)s")) if kind else "FALSE"
    named = _NAMED.replace("AT_RISK", at_risk)
    return re.sub(r"%\(\w+\)s", "%s", named), re.findall(r"%\((\w+)\)s", named)


@cache
def _with_subject(asked: str, subject: str) -> str:
    return f"SELECT asked.*, subject.* FROM ({asked}) asked CROSS JOIN ({subject}) subject"  # noqa: S608 - ours


@dataclass(frozen=True)
class Circumstances:
    """Of a case whose row the caller holds locked: true means that somebody has to look more closely."""

    now: datetime
    second: bool  # waits for a second moderator
    interim: bool  # a rule's measure holds
    earlier: bool  # or one of an earlier decision of the case, which was opened again
    parties: bool  # or there were: their names stay secret
    part: Part  # of whoever decides
    known: bool  # a decision was made for the same request
    claims: bool  # of rights
    at_risk: bool  # whom it would sanction is at risk, as one of their cases says
    requests: bool  # something is asked of the owner (E1)
    guarded: Sequence[str]  # kinds of measures that another moderator confirms
    policy: PolicyVersion  # in force now: the decision cites it (J1)
    reports: Sequence[Report]  # all of the case, withdrawn ones included


@Compiled
def reports_of(case: int) -> QuerySet[Report]:
    """All reports of a case, withdrawn ones included: what a letter to a reporter needs, and what it must not hold."""
    person = ("email", "is_guest", "language", "password", "username", "fullname", "guest__email")
    names = ("public_id", "channel", "created_at", "state", "confidential", "text", "links")
    rows = Report.objects.filter(case_report__case=case).select_related("reporter__guest", "sender")
    return rows.only(*names, *[f"reporter__{name}" for name in person], "sender__name", "sender__contact")


def circumstances_of(row: Case, actor: User, *, sanctions: bool, request_id: UUID) -> Circumstances:
    """What there is now for a decision of `actor`; one query, and another where something was decided or taken before.

    Raises DoesNotExist without a policy. Where it `sanctions`, the subject of `row` comes with it, with its name and
    who answers for it.
    """
    sql, names = _asked(row.subject_kind if sanctions else "")
    of: dict[str, Any] = {"actor": actor.pk, "case": row.pk, "subject": row.subject_id, "request": request_id}
    values, width = [of[name] for name in names], _FIRST + len(_POLICY)
    part = answering_part(row.subject_kind, row.subject_id) if sanctions else None
    if part is not None:
        sql = _with_subject(sql, part.sql)
        values, width = [*values, *part.values], width + part.width
    answer = reports_of.beside(sql, width, values, row.pk)
    if answer is None:
        raise PolicyVersion.DoesNotExist
    found, reports = answer
    if part is not None:
        found, about = found[: -part.width], found[-part.width :]
        (row.subject,) = part.read([about])
    now, decided, measured, parties, at_home, known, claims, at_risk, guarded = found[:_FIRST]
    second, interim, earlier, requests = _closer(of) if decided or measured else (False, False, False, False)
    return Circumstances(
        now=clock.now() if clock.is_importing() else now,
        second=second,
        interim=interim,
        earlier=earlier,
        parties=parties,
        part=Part(any(report.reporter_id == actor.pk for report in reports), at_home),
        known=known,
        claims=claims,
        at_risk=at_risk,
        requests=requests,
        guarded=guarded,
        policy=PolicyVersion.from_db(connection.alias, _POLICY, found[_FIRST:]),
        reports=reports,
    )


def _closer(of: dict[str, Any]) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(_CLOSER, of)
        return cursor.fetchone()
