"""Who may work on cases."""

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation.errors import Forbidden
from moderation.cases.models import Case
from moderation.cases.queries import open_to


def require_team(actor: User) -> None:
    """Raise Forbidden unless `actor` works in the queue."""
    if not actor.is_team:
        raise Forbidden(_("Only the team can work on cases."))


def require_no_stake(case: Case, actor: User) -> None:
    """Raise Forbidden when the case is about what `actor`, or an organization of `actor`, wrote, owns or is."""
    if not open_to(Case.objects.filter(pk=case.pk), actor).exists():
        raise Forbidden(_("This is your own content. Somebody else has to decide about it."))


def require_decide(case: Case, actor: User) -> None:
    """Raise Forbidden unless `actor` may decide `case`: permission, and nobody decides about their own things."""
    if actor.is_system:
        return
    if not actor.has_perm("cases.decide"):
        raise Forbidden(_("Only moderators can decide cases."))
    require_no_stake(case, actor)
