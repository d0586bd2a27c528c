from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation import clock
from foundation.errors import Forbidden, Refused
from foundation.rows import insert
from moderation.policy.models import Clause, PolicyVersion
from moderation.policy.queries import version_in_force
from moderation.sanctions.measures import KINDS
from moderation.sanctions.models import Measure
from moderation.subjects.models import Subject

# An interim measure without an end of its own is lifted by itself when nobody reviewed it (I1).
INTERIM_LASTS = timedelta(hours=72)


def impose(
    kind: str,
    subject: Subject,
    *,
    clause: Clause,
    reason: str,
    actor: User,
    automated: bool = False,
    until_looked: bool = False,
    at: tuple[datetime, PolicyVersion] | None = None,
) -> Measure:
    """Make a measure hold at once (E3, F1, F2); an automated one is interim: it ends by itself (I1).

    `until_looked` is a lane's hold: taken on anyone's word, whatever rules may do under the clause, and without an end,
    because a human decides in time (C6, C9). `at` is the present moment and the policy in force, where they are known.

    Raises Forbidden unless `actor` may impose measures, Refused when the kind does not fit the subject or, for an
    automated one, when the clause does not allow it.
    """
    _require_permission(actor)
    chosen = KINDS.get(kind)
    if chosen is None or not chosen.applies_to(subject):
        raise Refused(_("This measure cannot be applied to a %(kind)s.") % {"kind": subject.kind})
    assert not until_looked or kind == Measure.Kind.HOLD
    if automated and not until_looked and kind not in clause.automation:
        raise Refused(_("This clause does not let a rule do that by itself."), code="not_automatable")
    now, policy_version = at or (clock.now(), version_in_force())
    lasts = chosen.lasts or (INTERIM_LASTS if automated and not until_looked else None)
    measure = Measure(
        kind=kind,
        subject=subject,
        person=chosen.person(subject),
        clause=clause,
        policy_version=policy_version,
        reason=reason,
        actor=actor,
        automated=automated,
        interim=automated,
        starts_at=now,
        ends_at=now + lasts if lasts else None,
    )
    # Refusals came before: what fails from here on takes back all that the caller does.
    with transaction.atomic(savepoint=False):
        chosen.apply(measure)
        insert(measure)
    return measure


@transaction.atomic
def lift(measure: Measure, *, reason: str, actor: User) -> Measure:
    """Undo a standing measure exactly (E5). Raises Forbidden without the permission, Refused when it holds no more."""
    _require_permission(actor)
    row = _locked_standing(measure)
    row.lifted_at, row.lifted_by, row.lift_reason = clock.now(), actor, reason
    row.interim = False
    row.save(update_fields=["lifted_at", "lifted_by", "lift_reason", "interim"])
    KINDS[row.kind].undo(row)
    measure.refresh_from_db()
    return measure


@transaction.atomic
def wait_for_look(measure: Measure) -> Measure:
    """Let a rule's standing interim measure wait for a human, without its end (C6, C9). Raises Refused as `lift`."""
    row = _locked_standing(measure)
    if row.ends_at is not None:
        row.ends_at = None
        row.save(update_fields=["ends_at"])
        KINDS[row.kind].change_end(row, None)
    return row


@transaction.atomic
def confirm(measure: Measure, *, clause: Clause, actor: User) -> Measure:
    """A human reviewed an interim measure and lets it stand under `clause`: it now ends as a decided one does (I1)."""
    _require_permission(actor)
    row = _locked_standing(measure)
    lasts = KINDS[row.kind].lasts
    row.interim, row.ends_at = False, row.starts_at + lasts if lasts else None
    # What people are told is what the human decided, not what the rule took it for.
    row.clause, row.policy_version = clause, version_in_force()
    row.save(update_fields=["interim", "ends_at", "clause", "policy_version"])
    KINDS[row.kind].change_end(row, row.ends_at)
    measure.refresh_from_db()
    return measure


def _locked_standing(measure: Measure) -> Measure:
    rows = Measure.objects.standing().select_for_update(of=("self",)).select_related("clause")
    row = rows.filter(pk=measure.pk).first()
    if row is None:
        raise Refused(_("This measure holds no more: it was lifted or has ended."), code="not_standing")
    return row


def _require_permission(actor: User) -> None:
    if not (actor.is_system or actor.has_perm("sanctions.add_measure")):
        raise Forbidden(_("Only the team can impose and lift measures."))
