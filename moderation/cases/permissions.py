"""Who may work on cases."""

from django.db import connection
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation.compiled import Compiled
from foundation.errors import Forbidden
from moderation.cases.models import Case, CaseReport
from moderation.cases.stakes import Stakes, stakes_of


def require_team(actor: User) -> None:
    """Raise Forbidden unless `actor` works in the queue."""
    if not actor.is_team:
        raise Forbidden(_("Only the team can work on cases."))


def require_no_stake(case: Case, actor: User, stakes: Stakes | None = None) -> None:
    """Raise Forbidden when the case is about what `actor`, or an organization of `actor`, wrote, owns or is.

    And when it lies in a lane for people of a role that `actor` does not have (C9).
    """
    own = stakes or stakes_of(actor)
    if case.lane_id in own.closed_lanes:
        raise Forbidden(_("This case lies in a lane for named people. Somebody of them has to decide about it."))
    if own.bar(case):
        raise Forbidden(_("This is your own content. Somebody else has to decide about it."))


def require_impartial(case: Case, actor: User, stakes: Stakes | None = None, *, reported: bool | None = None) -> None:
    """Raise Forbidden when `actor` has a stake in the case, or reported it; `reported` says so where that is known."""
    require_no_stake(case, actor, stakes)
    if reported if reported is not None else _reported_by(case.pk, actor.pk):
        raise Forbidden(_("You reported this yourself. Somebody else has to decide about it."))


def require_not_decided_before(case: Case, actor: User) -> None:
    """Raise Forbidden for whoever decided `case` before an appeal of a reporter was upheld, while another could (G2).

    They would be asked to find that they were wrong. The database refuses them too (migration 0022). No query for
    anybody else.
    """
    if actor.pk in case.not_by and _left_to_others(case, actor):
        raise Forbidden(
            _("You decided this before, and whoever contested it was right. Somebody else has to decide it anew.")
        )


def _left_to_others(case: Case, actor: User) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cases_left_to_others(%s, %s, %s)", [case.pk, case.not_by, actor.pk])
        (left,) = cursor.fetchone()
    return bool(left)


@Compiled
def _reported_by(case: int, person: int) -> QuerySet[CaseReport, int]:
    return CaseReport.objects.filter(case=case, report__reporter=person).values_list("pk", flat=True)[:1]


def require_decide(case: Case, actor: User, stakes: Stakes | None = None, *, reported: bool | None = None) -> None:
    """Raise Forbidden unless `actor` may decide `case`: permission, and nobody decides about their own things."""
    if actor.is_system:
        return
    if not actor.has_perm("cases.decide"):
        raise Forbidden(_("Only moderators can decide cases."))
    require_impartial(case, actor, stakes, reported=reported)
