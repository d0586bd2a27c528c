"""Standing conditions: under which a repository stays, after whatever was decided about it (E5)."""

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation import clock
from foundation.drafts import draft
from foundation.errors import Forbidden, Refused
from moderation.policy.models import Clause
from moderation.sanctions.measures import MeasureKind
from moderation.sanctions.models import StandingCondition
from moderation.subjects.models import Subject
from repositories.asked import chosen_in, is_kept


def standing_conditions(subject: int) -> QuerySet[StandingCondition]:
    """Those that hold for the subject with this id, in the order in which they were set."""
    rows = StandingCondition.objects.filter(subject=subject, withdrawn_at=None)
    return rows.select_related("clause", "actor").order_by("pk")


def draft_conditions(
    subject: Subject,
    codes: Sequence[str],
    *,
    clause: Clause,
    decision_id: uuid.UUID,
    actor: User,
    at: datetime,
    waited: Collection[str] = (),
) -> list[StandingCondition]:
    """The conditions that a decision sets at `at`, as rows that are not saved yet; those that hold already are not.

    Each was kept when somebody chose it, but for those that a measure waits for, `waited`: where it is kept no longer,
    a second moderator having taken a while, whoever looks at the repository next finds it broken.
    """
    if not codes:
        return []
    assert subject.repository is not None
    chosen = chosen_in(subject.repository)
    known = set(standing_conditions(subject.pk).values_list("condition", flat=True))
    return [
        draft(
            StandingCondition,
            subject=subject,
            condition=code,
            clause=clause,
            decision_id=decision_id,
            actor=actor,
            created_at=at,
            kept_since=at if code not in waited or is_kept(code, chosen) else None,
        )
        for code in sorted(set(codes) - known)
    ]


@transaction.atomic
def withdraw(condition: StandingCondition, *, reason: str, actor: User) -> StandingCondition:
    """The condition holds no more. Raises Forbidden without the permission, Refused when it was withdrawn before."""
    if not (actor.is_system or actor.has_perm(MeasureKind.permission)):
        raise Forbidden(_("Only the team can withdraw a condition."))
    row = StandingCondition.objects.select_for_update().get(pk=condition.pk)
    if row.withdrawn_at is not None:
        raise Refused(_("This condition was withdrawn already."), code="not_standing")
    row.withdrawn_at, row.withdrawn_by, row.withdraw_reason = clock.now(), actor, reason
    row.save(update_fields=["withdrawn_at", "withdrawn_by", "withdraw_reason"])
    condition.refresh_from_db()
    return row


def note_kept(condition: StandingCondition, *, kept: bool, at: datetime) -> bool:
    """Remember whether it is kept at `at`, its row being locked; returns whether it was broken by this."""
    if kept == (condition.kept_since is not None):
        return False
    condition.kept_since = at if kept else None
    condition.broken_at = condition.broken_at if kept else at
    condition.save(update_fields=["kept_since", "broken_at"])
    return not kept
