from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation import changes, clock
from foundation.drafts import draft
from foundation.errors import Forbidden, Refused
from foundation.rows import insert
from moderation.policy.models import Clause, PolicyVersion
from moderation.policy.queries import version_in_force
from moderation.sanctions.measures import KINDS, MeasureKind
from moderation.sanctions.models import Measure
from moderation.subjects.models import Subject
from moderation.subjects.queries import EVERYTHING

# An interim measure without an end of its own is lifted by itself when nobody reviewed it (I1).
INTERIM_LASTS = timedelta(hours=72)
# What is to hold longer than this has no end, and is lifted by hand.
LONGEST = timedelta(days=366)


def impose(
    kind: str,
    subject: Subject,
    *,
    clause: Clause,
    reason: str,
    actor: User,
    automated: bool = False,
    until_looked: bool = False,
    ends_at: datetime | None = None,
    at: tuple[datetime, PolicyVersion] | None = None,
    part_of: Measure | None = None,
    until_done: str = "",
    asked_until: datetime | None = None,
    waits: bool = False,
) -> Measure:
    """Make a measure hold at once (E3, F1, F2); an automated one is interim: it ends by itself (I1).

    `ends_at` is its end, where one was chosen in place of the usual one (E5). `until_looked` is a lane's hold: taken on
    anyone's word, whatever rules may do under the clause, and without an end, because a human decides in time (C6, C9).
    `at` is the present moment and the policy in force, where they are known. `part_of` is the measure whose consequence
    it is (F2). `until_done` is what the owner has to do for it to end by itself (E5), or what a request asks for until
    the date `asked_until` (E1). `waits`: it says no reasons before a second moderator confirmed it (D1).

    Raises Forbidden unless `actor` may impose measures, Refused when the kind does not fit the subject or, for an
    automated one, when the clause does not allow it.
    """
    measure = _drafted(kind, subject, clause, reason, actor, automated, until_looked, ends_at, at, part_of, until_done)
    measure.asked_until, measure.waits = asked_until, waits
    # Refusals came before: what fails from here on takes back all that the caller does.
    with transaction.atomic(savepoint=False):
        _begin(measure)
        insert(measure)
    return measure


def apply_unsaved(
    kind: str,
    subject: Subject,
    *,
    clause: Clause,
    reason: str,
    actor: User,
    ends_at: datetime | None = None,
    at: tuple[datetime, PolicyVersion],
    part_of: Measure | None = None,
    until_done: str = "",
) -> Measure:
    """The same for a person's measure that the caller saves, in the same transaction and with other rows of its own.

    Raises the same.
    """
    assert connection.in_atomic_block, "a measure is saved in the transaction in which it begins to hold"
    measure = _drafted(kind, subject, clause, reason, actor, False, False, ends_at, at, part_of, until_done)
    _begin(measure)
    return measure


def apply_parts_unsaved(
    parts: Sequence[tuple[str, Subject]],
    *,
    part_of: Measure,
    clause: Clause,
    reason: str,
    actor: User,
    at: tuple[datetime, PolicyVersion],
) -> list[Measure]:
    """The same for what a measure brings along, each a kind and what it is taken on: those of a kind at once.

    None of them is waited for until somebody did something, so nothing is looked at again after the commit.
    """
    assert connection.in_atomic_block, "a measure is saved in the transaction in which it begins to hold"
    drafts = [
        _drafted(kind, about, clause, reason, actor, False, False, None, at, part_of, "") for kind, about in parts
    ]
    by_kind: dict[str, list[Measure]] = defaultdict(list)
    for one in drafts:
        by_kind[one.kind].append(one)
    for kind, found in by_kind.items():
        KINDS[kind].apply_all(found)
    return drafts


def draft_measure(
    kind: str,
    subject: Subject,
    *,
    clause: Clause,
    reason: str,
    actor: User,
    ends_at: datetime | None = None,
    at: tuple[datetime, PolicyVersion],
    part_of: Measure | None = None,
    until_done: str = "",
) -> Measure:
    """The same as what would be taken: neither saved nor in force (a preview).

    Raises the same.
    """
    return _drafted(kind, subject, clause, reason, actor, False, False, ends_at, at, part_of, until_done)


def as_confirmed(
    measure: Measure,
    *,
    clause: Clause,
    policy_version: PolicyVersion,
    ends_at: datetime | None = None,
    part_of: Measure | None = None,
    until_done: str = "",
) -> None:
    """Set what an interim measure is once a human lets it stand: the caller saves it, or shows it (I1)."""
    kind = KINDS[measure.kind]
    measure.interim = False
    measure.ends_at = ends_at or (measure.starts_at + kind.lasts if kind.lasts else None)
    # What people are told is what the human decided, not what the rule took it for.
    measure.clause, measure.policy_version, measure.part_of = clause, policy_version, part_of
    measure.until_done = until_done


def _begin(measure: Measure) -> None:
    """Let it hold. What waits for its owner is looked at once more after the commit: they may do it at this moment."""
    KINDS[measure.kind].apply(measure)
    repository = measure.subject.repository_id
    if measure.until_done and repository is not None:
        changes.tell("repository.changed", repository, actor_id=measure.actor_id)


def _drafted(
    kind: str,
    subject: Subject,
    clause: Clause,
    reason: str,
    actor: User,
    automated: bool,
    until_looked: bool,
    ends_at: datetime | None,
    at: tuple[datetime, PolicyVersion] | None,
    part_of: Measure | None,
    until_done: str,
) -> Measure:
    """The measure before it holds. Raises what impose says."""
    chosen = KINDS.get(kind)
    _require_permission(actor, chosen)
    if chosen is None or not chosen.applies_to(subject):
        raise Refused(_("This measure cannot be applied to a %(kind)s.") % {"kind": subject.kind})
    assert not until_looked or not chosen.judges
    if automated and not until_looked and kind not in clause.automation:
        raise Refused(_("This clause does not let a rule do that by itself."), code="not_automatable")
    now, policy_version = at or (clock.now(), version_in_force())
    if ends_at is not None:
        _require_end(chosen, ends_at, now, any_kind=automated)
    require_condition(chosen, until_done, ends_at)
    lasts = chosen.lasts or (INTERIM_LASTS if automated and not until_looked else None)
    return draft(
        Measure,
        kind=kind,
        subject=subject,
        person=part_of.person if part_of else chosen.person(subject),
        clause=clause,
        policy_version=policy_version,
        reason=reason,
        actor=actor,
        automated=automated,
        interim=automated,
        starts_at=now,
        ends_at=ends_at or (now + lasts if lasts else None),
        part_of=part_of,
        until_done=until_done,
    )


@transaction.atomic
def lift(measure: Measure, *, reason: str, actor: User) -> Measure:
    """Undo a standing measure exactly (E5). Raises Forbidden without the permission, Refused when it holds no more."""
    _require_permission(actor, KINDS[measure.kind])
    row = _locked_standing(measure)
    row.lifted_at, row.lifted_by, row.lift_reason = clock.now(), actor, reason
    row.interim = False
    row.save(update_fields=["lifted_at", "lifted_by", "lift_reason", "interim"])
    KINDS[row.kind].undo(row)
    measure.refresh_from_db()
    return measure


@transaction.atomic(savepoint=False)
def lift_all(measures: Iterable[int], *, reason: str, actor: User) -> list[Measure]:
    """The same for those of many, by their ids, that stand; returns these with what their subjects are, by id.

    As many queries for a hundred as for two of the same kinds, where these know how. Raises Forbidden without the
    permission for any of them, and then lifts none.
    """
    about = [f"subject__{path}" for path in EVERYTHING]
    enforced = ("restriction", "posting_restriction", "hiding__comment__discussion", "limit__discussion", "discussion")
    rows = Measure.objects.standing().select_related("clause", "person", *enforced, *about)
    found = list(rows.select_for_update(of=("self",)).filter(pk__in=list(measures)).order_by("pk"))
    by_kind: dict[str, list[Measure]] = defaultdict(list)
    now = clock.now()
    for row in found:
        _require_permission(actor, KINDS[row.kind])
        row.lifted_at, row.lifted_by, row.lift_reason, row.interim = now, actor, reason, False
        by_kind[row.kind].append(row)
    Measure.objects.filter(pk__in=[row.pk for row in found]).update(
        lifted_at=now, lifted_by=actor, lift_reason=reason, interim=False
    )
    for kind, rows_of_kind in by_kind.items():
        KINDS[kind].undo_all(rows_of_kind)
    return found


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
def confirm(
    measure: Measure,
    *,
    clause: Clause,
    actor: User,
    ends_at: datetime | None = None,
    part_of: Measure | None = None,
    until_done: str = "",
) -> Measure:
    """A human reviewed an interim measure and lets it stand under `clause`: it now ends as a decided one does (I1).

    `ends_at` is its end, where one was chosen; `part_of` the measure whose consequence it is from now on. Raises what
    `lift` raises, Refused for an end that cannot be.
    """
    kind = KINDS[measure.kind]
    _require_permission(actor, kind)
    row = _locked_standing(measure)
    if ends_at is not None:
        _require_end(kind, ends_at, clock.now())
    require_condition(kind, until_done, ends_at)
    version = version_in_force()
    as_confirmed(row, clause=clause, policy_version=version, ends_at=ends_at, part_of=part_of, until_done=until_done)
    row.save(update_fields=["interim", "ends_at", "clause", "policy_version", "part_of", "until_done"])
    KINDS[row.kind].change_end(row, row.ends_at)
    if until_done and row.subject.repository_id is not None:
        changes.tell("repository.changed", row.subject.repository_id, actor_id=actor.pk)
    measure.refresh_from_db()
    return measure


@transaction.atomic
def as_decided_before(
    measure: Measure,
    *,
    clause: Clause,
    policy_version: PolicyVersion,
    ends_at: datetime | None,
    until_done: str,
    part_of: Measure | None,
    actor: User,
) -> None:
    """What a later decision confirmed goes on as the earlier one left it, since the later one is taken back (E5).

    Raises what `lift` raises.
    """
    _require_permission(actor, KINDS[measure.kind])
    row = _locked_standing(measure)
    row.clause, row.policy_version, row.ends_at = clause, policy_version, ends_at
    row.until_done, row.part_of = until_done, part_of
    row.save(update_fields=["ends_at", "clause", "policy_version", "part_of", "until_done"])
    KINDS[row.kind].change_end(row, ends_at)
    if until_done and row.subject.repository_id is not None:
        changes.tell("repository.changed", row.subject.repository_id, actor_id=actor.pk)
    measure.refresh_from_db()


def _locked_standing(measure: Measure) -> Measure:
    rows = Measure.objects.standing().select_for_update(of=("self",)).select_related("clause")
    row = rows.filter(pk=measure.pk).first()
    if row is None:
        raise Refused(_("This measure holds no more: it was lifted or has ended."), code="not_standing")
    return row


def _require_end(kind: MeasureKind, ends_at: datetime, now: datetime, *, any_kind: bool = False) -> None:
    if not (kind.chooses_end or any_kind):
        raise Refused(_("“%(measure)s” has no end to choose.") % {"measure": kind.label}, code="invalid", status=400)
    if not now < ends_at <= now + LONGEST:
        raise Refused(_("A measure ends after now and within a year."), code="invalid", status=400)


def require_condition(kind: MeasureKind, until_done: str, ends_at: datetime | None = None) -> None:
    """Raise Refused (400) for an end that `kind` cannot wait for, or that comes beside a time (E5)."""
    if until_done and until_done not in kind.conditions:
        words = _("“%(measure)s” cannot wait for that.") % {"measure": kind.label}
        raise Refused(words, code="invalid", status=400)
    if until_done and ends_at is not None:
        raise Refused(_("Choose a time or what the owner has to do, not both."), code="invalid", status=400)


def _require_permission(actor: User, kind: MeasureKind | None) -> None:
    if not (actor.is_system or actor.has_perm(kind.permission if kind else MeasureKind.permission)):
        raise Forbidden(_("Only the team can impose and lift measures."))
