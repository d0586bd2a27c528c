"""Who may work on cases."""

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation.errors import Forbidden
from moderation.cases.models import Case, CaseReport
from moderation.cases.queries import closed_lanes, open_to


def require_team(actor: User) -> None:
    """Raise Forbidden unless `actor` works in the queue."""
    if not actor.is_team:
        raise Forbidden(_("Only the team can work on cases."))


def require_no_stake(case: Case, actor: User) -> None:
    """Raise Forbidden when the case is about what `actor`, or an organization of `actor`, wrote, owns or is.

    And when it lies in a lane for people of a role that `actor` does not have (C9).
    """
    if case.lane_id and closed_lanes(actor).filter(pk=case.lane_id).exists():
        raise Forbidden(_("This case lies in a lane for named people. Somebody of them has to decide about it."))
    if not open_to(Case.objects.filter(pk=case.pk), actor).exists():
        raise Forbidden(_("This is your own content. Somebody else has to decide about it."))


def require_impartial(case: Case, actor: User) -> None:
    """Raise Forbidden when `actor` has a stake in the case, or reported it."""
    require_no_stake(case, actor)
    if CaseReport.objects.filter(case=case, report__reporter=actor).exists():
        raise Forbidden(_("You reported this yourself. Somebody else has to decide about it."))


def require_decide(case: Case, actor: User) -> None:
    """Raise Forbidden unless `actor` may decide `case`: permission, and nobody decides about their own things."""
    if actor.is_system:
        return
    if not actor.has_perm("cases.decide"):
        raise Forbidden(_("Only moderators can decide cases."))
    require_impartial(case, actor)
