"""Linking cases that belong together: never merged (architecture, idea 5)."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation.errors import Refused
from moderation.cases.events import record
from moderation.cases.models import Case, CaseLink
from moderation.cases.permissions import require_no_stake, require_team
from moderation.cases.seals import digests, gone


@transaction.atomic
def link(first: Case, second: Case, *, reason: str = CaseLink.Reason.HAND, actor: User) -> CaseLink:
    """Link two cases, whichever is the older one; two that are linked stay so. Raises Forbidden, or Refused for one."""
    require_team(actor)
    for case in (first, second):
        require_no_stake(case, actor)
    if first.pk == second.pk:
        raise Refused(_("A case cannot be linked to itself."), code="invalid", status=400)
    return join(first.pk, second.pk, reason, actor)


@transaction.atomic
def join(one: int, other: int, reason: str, actor: User) -> CaseLink:
    """Link the cases of these ids, with an event on both; nothing happens to two that are linked."""
    older, newer = _lock(one, other)
    found, created = CaseLink.objects.get_or_create(
        first=older, second=newer, defaults={"reason": CaseLink.Reason(reason), "actor": actor}
    )
    if created:
        _note("case.linked", older, newer, found.reason, actor, digests([found]))
    return found


@transaction.atomic
def unlink(first: Case, second: Case, *, actor: User) -> None:
    """Take the link of two cases away; nothing happens where there is none. Raises Forbidden."""
    require_team(actor)
    for case in (first, second):
        require_no_stake(case, actor)
    older, newer = _lock(first.pk, second.pk)
    found = CaseLink.objects.filter(first=older, second=newer).first()
    if found is not None:
        away = gone(found)
        found.delete()
        _note("case.unlinked", older, newer, found.reason, actor, away)


def _lock(one: int, other: int) -> list[Case]:
    """Both rows, the lower id first, as everybody locks several cases."""
    return list(Case.objects.select_for_update(of=("self",)).filter(pk__in=(one, other)).order_by("pk"))


def _note(kind: str, older: Case, newer: Case, reason: str, actor: User, left: dict[str, str | None]) -> None:
    for row, other in ((older, newer), (newer, older)):
        data = {"case": other.public_id.hex, "reason": reason}
        record(row, kind, actor=actor, data=data, moves=False, gone=left)
