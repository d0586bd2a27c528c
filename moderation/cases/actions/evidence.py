"""Evidence that is locked away (C9): who opens it and why is an event; released or destroyed, that is one too."""

import uuid
from typing import Any

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.queries import system_actor
from foundation import changes
from foundation.errors import Forbidden, Refused
from foundation.work import work_off
from moderation.cases.actions.locking import lock_newest
from moderation.cases.events import record, seal
from moderation.cases.models import Case, Decision
from moderation.cases.permissions import require_no_stake, require_team
from moderation.cases.queries import EVIDENCE_OPENED
from moderation.policy.models import Clause, Lane
from moderation.reports.actions.evidence import with_blurred, withdraw_blurred
from moderation.reports.actions.preserving import destroy_preserved
from moderation.reports.models import Report, ReportVersion
from moderation.scoring.actions import withdraw_snapshot
from moderation.subjects import quarantine
from moderation.subjects.legal_holds import is_held
from moderation.subjects.models import Quarantine, Snapshot, Subject
from moderation.subjects.quarantine import LockedWords
from moderation.subjects.queries import same_words

SHORTEST_REASON = 10
PASSAGES, VERSIONS = "passages", "versions"


def lock_away(case: Case) -> None:
    """Lock away every snapshot of what `case` is about, with what reports quote of it; the caller holds its row locked.

    Nothing scores, embeds or compares it any more: what waited to be scored is withdrawn. Nor is anything blurred kept,
    of it or of pictures that its reports brought.
    """
    if locked := lock_subject_away(case.subject):
        seal(case, *locked)


def lock_subject_away(subject: Subject) -> list[Model]:
    """The same of a subject, whose newest case the caller holds locked; returns the rows that it changed."""
    locked: list[Model] = []
    for snapshot in Snapshot.objects.filter(subject=subject).annotate(pictured=with_blurred()).order_by("pk"):
        snapshot.subject = subject  # loaded already
        before = snapshot.sealed
        quotes = _take_quotes(snapshot)
        quarantine.lock_away(snapshot, {place: passage for place, (_row, passage) in quotes.items()})
        withdraw_snapshot(snapshot)
        if snapshot.pictured:
            withdraw_blurred(snapshot)
        if snapshot.sealed != before:
            locked.append(snapshot)
        locked += [row for row, _passage in quotes.values()]
    changes.tell("evidence.locked", subject.pk, actor_id=None)
    return locked


def require_member(lane: Lane | None, actor: User) -> None:
    """Raise Forbidden unless `actor` is of the lane's group, or it has none."""
    require_team(actor)
    if lane is not None and lane.group_id and not actor.groups.filter(pk=lane.group_id).exists():
        raise Forbidden(_("Only the people of this lane can do that."))


def _require_sealed(row: Case) -> None:
    """Another case about the same, in a lane that everybody works in, opens nothing."""
    if row.lane is None or not row.lane.sealed:
        raise Refused(_("Nothing is locked away here."), code="not_found", status=404)


@transaction.atomic
def open_evidence(case: Case, snapshot: Snapshot, *, reason: str, request_id: uuid.UUID, actor: User) -> LockedWords:
    """The words that are locked away, for somebody of the lane's group who says why (C9).

    Each time is an event with the reason; a form that was sent before opens nothing. Raises Forbidden, and Refused for
    a missing reason, a repeated form, words that were destroyed, or a case in another lane.
    """
    row = Case.objects.select_for_update(of=("self",)).select_related("lane", "subject").get(pk=case.pk)
    _require_sealed(row)
    require_member(row.lane, actor)
    require_no_stake(row, actor)
    if len(reason.strip()) < SHORTEST_REASON:
        raise Refused(_("Say in a sentence why you have to open it."), code="invalid", status=400)
    if snapshot.subject_id != row.subject_id:
        raise Refused(_("This does not belong to the case."), code="invalid", status=400)
    if row.events.filter(kind=EVIDENCE_OPENED, data__request=request_id.hex).exists():
        raise Refused(_("You opened it with this form before. Say again why you have to open it."), code="opened")
    words = quarantine.open_words(snapshot)
    data = {"snapshot": snapshot.pk, "request": request_id.hex}
    record(row, EVIDENCE_OPENED, actor=actor, data=data, text=reason, moves=False)
    return words


@transaction.atomic
def keep_evidence(case: Case, keep: bool, *, reason: str, actor: User) -> None:
    """Keep what is locked away although its time comes, since the law asks for it; or let its time count again (C9)."""
    row = Case.objects.select_for_update(of=("self",)).select_related("lane").get(pk=case.pk)
    _require_sealed(row)
    require_member(row.lane, actor)
    require_no_stake(row, actor)
    if len(reason.strip()) < SHORTEST_REASON:
        raise Refused(_("Say in a sentence who asks for it, and under which number."), code="invalid", status=400)
    held = quarantine.standing().filter(snapshot__subject=row.subject_id, legal_hold=not keep)
    if held.update(legal_hold=keep):
        record(row, "evidence.kept", actor=actor, data={"keep": keep}, text=reason, moves=False)


def release_unless(row: Case, decision: Decision, *, actor: User) -> None:
    """After a decision that it is not of a clause whose words are locked away, put them back (C9); `row` is locked.

    Only what is decided in such a lane is a decision about them.
    """
    if row.lane is None or not row.lane.sealed:
        return
    clause: Clause | None = decision.clause
    stays = clause is not None and clause.lane is not None and clause.lane.sealed
    if not stays and decision.outcome in Decision.Outcome.values:
        release(row, actor=actor)


def release(row: Case, *, actor: User) -> None:
    """Put back the words of what the case, whose row the caller holds locked, is about; nothing where none are away.

    Nor where another case about the same words was decided to be of such a clause: that decision keeps them away. What
    was kept of them with the discussion, or with the comment that opens it, comes back unless a case of its own in such
    a lane keeps it.
    """
    away = Snapshot.objects.filter(quarantine__in=quarantine.standing(), subject__in=same_words(row.subject))
    kept = _about_the_same(row).exclude(subject=row.subject_id).filter(lane__sealed=True)
    snapshots = list(away.exclude(subject__in=kept.values("subject")).order_by("pk"))
    if snapshots and _sealed_elsewhere(row):
        return
    quoting = [one for snapshot in snapshots for one in _put_quotes_back(quarantine.release(snapshot))]
    if snapshots:
        data = {"snapshots": [one.pk for one in snapshots]}
        record(row, "evidence.released", actor=actor, data=data, moves=False, seals=[*snapshots, *quoting])


def _sealed_elsewhere(row: Case) -> bool:
    """Whether the decision of another case about the same words says that they are of a sealed clause."""
    others = Decision.objects.final().filter(case__in=_about_the_same(row)).exclude(case=row)
    return others.filter(outcome=Decision.Outcome.VIOLATION, clause__lane__sealed=True).exists()


def _about_the_same(row: Case) -> QuerySet[Case]:
    return Case.objects.filter(subject__in=same_words(row.subject))


def destroy_evidence() -> int:
    """Destroy what was locked away and whose time is over; returns how much (C9)."""
    return work_off(quarantine.due(), _destroy, hold=_locked_case)


def _locked_case(work: Quarantine) -> Case | None:
    """The newest case of what is locked away, before that itself: whoever locks or puts back holds it."""
    return lock_newest(work.snapshot.subject)


def _destroy(work: Quarantine) -> None:
    row = _locked_case(work)
    # Asked under the lock: a legal hold may have come in between.
    held = Quarantine.objects.select_for_update().get(pk=work.pk)
    if held.legal_hold or held.released_at is not None or is_held(work.snapshot.subject):
        Quarantine.objects.filter(pk=work.pk).update(done_at=None)
        return
    quarantine.destroy(held)
    kept = destroy_preserved(held)
    if row is not None:
        data = {"snapshot": work.snapshot_id}
        record(row, "evidence.destroyed", actor=system_actor(), data=data, moves=False, seals=kept)


def _take_quotes(snapshot: Snapshot) -> dict[str, tuple[Model, str]]:
    """Empty the passages that reports of `snapshot` quote; returns the emptied rows with them, by the id of each."""
    taken: dict[str, tuple[Model, str]] = {}
    for name, rows in _quoting(snapshot).items():
        for one in rows.exclude(passage="").order_by("pk"):
            taken[f"{name}:{one.pk}"] = (one, one.passage)
            one.passage = ""
        rows.update(passage="")
    return taken


def _put_quotes_back(words: LockedWords) -> list[Model]:
    """The rows with their passages again."""
    changed = []
    for place, passage in words.more.items():
        name, _colon, key = place.partition(":")
        rows = _QUOTING[name].filter(pk=int(key))
        if rows.update(passage=passage):
            changed.append(rows.get())
    return changed


def _quoting(snapshot: Snapshot) -> dict[str, Any]:
    return {
        PASSAGES: _QUOTING[PASSAGES].filter(snapshot=snapshot),
        VERSIONS: _QUOTING[VERSIONS].filter(report__snapshot=snapshot),
    }


# With all that a digest of them names.
_QUOTING: dict[str, QuerySet[Any]] = {
    PASSAGES: Report.objects.select_related("subject", "snapshot"),
    VERSIONS: ReportVersion.objects.select_related("report"),
}
