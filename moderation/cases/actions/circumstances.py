"""What a decision has to look at besides its case: asked at once, because most often nothing of it is there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from accounts.models import User
from foundation import clock
from moderation.cases.models import Case, Confirmation, Deadline
from moderation.policy.models import PolicyVersion

# Restoring after a counter-statement is promised, whatever is decided anew (C5); what ends, ends (E5).
KEPT = (Deadline.Kind.RESTORE, Deadline.Kind.MEASURE_ENDED)

_NOBODY = 0  # no key of anybody
_FIRST = 11  # what is asked for before the columns of the policy
_POLICY = tuple(field.attname for field in PolicyVersion._meta.concrete_fields)
# What is always the same stands in it, and no value is NULL: so one plan serves all, and planning this takes long.
_ASKED = f"""
SELECT ombud_now(),
    EXISTS (SELECT FROM cases_confirmation waiting JOIN cases_decision decision ON decision.id = waiting.decision_id
        WHERE decision.case_id = %(case)s AND waiting.state = '{Confirmation.State.WAITING.value}'),
    EXISTS (SELECT FROM sanctions_measure measure WHERE measure.subject_id = %(subject)s AND measure.interim
        AND measure.lifted_at IS NULL AND (measure.ends_at IS NULL OR measure.ends_at > ombud_now())),
    EXISTS (SELECT FROM cases_deadline WHERE case_id = %(case)s AND settled_at IS NULL
        AND kind NOT IN ({", ".join(f"'{kind.value}'" for kind in KEPT)})),
    EXISTS (SELECT FROM cases_party WHERE case_id = %(case)s AND left_at IS NULL),
    EXISTS (SELECT FROM cases_casereport joined JOIN reports_report report ON report.id = joined.report_id
        WHERE joined.case_id = %(case)s AND report.reporter_id = %(actor)s),
    EXISTS (SELECT FROM cases_decision WHERE request_id = %(request)s),
    EXISTS (SELECT FROM cases_casereport joined JOIN reports_rightsclaim claim ON claim.report_id = joined.report_id
        WHERE joined.case_id = %(case)s),
    EXISTS (SELECT FROM cases_case WHERE author_id = %(person)s AND at_risk AND state = '{Case.State.OPEN.value}'),
    EXISTS (SELECT FROM sanctions_measure asked WHERE asked.subject_id = %(subject)s AND asked.until_done <> ''
        AND asked.lifted_at IS NULL AND asked.ends_at IS NULL AND asked.owner_request_id IS NOT NULL),
    ARRAY(SELECT kind FROM policy_guardedmeasure),
    {", ".join(f"version.{name}" for name in _POLICY)}
FROM policy_policyversion version WHERE version.effective_at <= ombud_now()
ORDER BY version.effective_at DESC LIMIT 1
"""  # noqa: S608 - names of our own columns


@dataclass(frozen=True)
class Circumstances:
    """Of a case whose row the caller holds locked: true means that somebody has to look more closely."""

    now: datetime
    second: bool  # waits for a second moderator
    interim: bool  # a rule's measure holds
    deadlines: bool  # something of it is waited for
    parties: bool
    reported: bool  # by whoever decides
    known: bool  # a decision was made for the same request
    claims: bool  # of rights
    at_risk: bool  # whom it would sanction is at risk, as one of their cases says
    requests: bool  # something is asked of the owner (E1)
    guarded: Sequence[str]  # kinds of measures that another moderator confirms
    policy: PolicyVersion  # in force now: the decision cites it (J1)


def circumstances_of(row: Case, actor: User, *, person: User | None, request_id: UUID) -> Circumstances:
    """What there is now for a decision of `actor` about `person`; one query. Raises DoesNotExist without a policy."""
    values: dict[str, Any] = {
        "actor": actor.pk,
        "case": row.pk,
        "subject": row.subject_id,
        "person": person.pk if person else _NOBODY,
        "request": request_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(_ASKED, values)
        found = cursor.fetchone()
    if found is None:
        raise PolicyVersion.DoesNotExist
    now, second, interim, deadlines, parties, reported, known, claims, at_risk, requests, guarded = found[:_FIRST]
    return Circumstances(
        now=clock.now() if clock.is_importing() else now,
        second=second,
        interim=interim,
        deadlines=deadlines,
        parties=parties,
        reported=reported,
        known=known,
        claims=claims,
        at_risk=at_risk,
        requests=requests,
        guarded=guarded,
        policy=PolicyVersion.from_db(connection.alias, _POLICY, found[_FIRST:]),
    )
