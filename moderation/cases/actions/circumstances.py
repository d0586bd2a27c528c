"""What a decision has to look at besides its case: asked at once, because most often nothing of it is there."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from accounts.models import User
from foundation import clock
from moderation.cases.models import Case, Confirmation, Deadline
from moderation.policy.models import PolicyVersion

# Restoring after a counter-statement is promised, whatever is decided anew (C5).
KEPT = Deadline.Kind.RESTORE

_POLICY = tuple(field.attname for field in PolicyVersion._meta.concrete_fields)
_ASKED = f"""
SELECT ombud_now(),
    EXISTS (SELECT FROM cases_confirmation waiting JOIN cases_decision decision ON decision.id = waiting.decision_id
        WHERE decision.case_id = %(case)s AND waiting.state = %(waiting)s),
    EXISTS (SELECT FROM sanctions_measure measure WHERE measure.subject_id = %(subject)s AND measure.interim
        AND measure.lifted_at IS NULL AND (measure.ends_at IS NULL OR measure.ends_at > ombud_now())),
    EXISTS (SELECT FROM cases_deadline WHERE case_id = %(case)s AND settled_at IS NULL AND kind <> %(kept)s),
    EXISTS (SELECT FROM cases_party WHERE case_id = %(case)s AND left_at IS NULL),
    EXISTS (SELECT FROM cases_casereport joined JOIN reports_report report ON report.id = joined.report_id
        WHERE joined.case_id = %(case)s AND report.reporter_id = %(actor)s),
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
    policy: PolicyVersion  # in force now: the decision cites it (J1)


def circumstances_of(row: Case, actor: User) -> Circumstances:
    """What there is now for a decision of `actor`; one query. Raises DoesNotExist without a policy."""
    values: dict[str, Any] = {
        "actor": actor.pk,
        "case": row.pk,
        "subject": row.subject_id,
        "waiting": Confirmation.State.WAITING.value,
        "kept": KEPT.value,
    }
    with connection.cursor() as cursor:
        cursor.execute(_ASKED, values)
        found = cursor.fetchone()
    if found is None:
        raise PolicyVersion.DoesNotExist
    now, second, interim, deadlines, parties, reported = found[:6]
    return Circumstances(
        now=clock.now() if clock.is_importing() else now,
        second=second,
        interim=interim,
        deadlines=deadlines,
        parties=parties,
        reported=reported,
        policy=PolicyVersion.from_db(connection.alias, _POLICY, found[6:]),
    )
