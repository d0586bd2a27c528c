from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from accounts.models import Scope, Token, User
from foundation.errors import Forbidden, Refused


def create_token(user: User, *, scope: str, actor: User, name: str = "", days: int = 365) -> str:
    """A new token of `user`, shown this once: only its hash is stored (K1).

    Raises Forbidden when `actor` is somebody else without being a superuser, or when `scope` is moderate and the user
    is not in the team.
    """
    if not (actor == user or actor.is_superuser or actor.is_system):
        raise Forbidden(_("Only the person and an administrator can create a token."))
    if scope == Scope.MODERATE and not user.is_team:
        message = _("%(name)s is not in the team, so a token with the scope “moderate” would open nothing.")
        raise Forbidden(message % {"name": user})
    _token, secret = Token.objects.create(user=user, expiry=timedelta(days=days), scope=Scope(scope), name=name)
    return str(secret)


def revoke_token(user: User, digest: str, *, actor: User) -> None:
    """Delete the token of `user` with this digest, which opens nothing any more. Raises Refused (404) for none."""
    if not (actor == user or actor.is_superuser or actor.is_system):
        raise Forbidden(_("Only the person and an administrator can revoke a token."))
    # A digest is hexadecimal; anything else (NUL, say) is not even asked for.
    if not (digest.isalnum() and Token.objects.filter(user=user, digest=digest).delete()[0]):
        raise Refused(_("You have no such token; it may be revoked already."), code="not_found", status=404)
