"""API tokens with scopes (K1)."""

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _
from knox.auth import TokenAuthentication as KnoxAuthentication
from knox.crypto import hash_token
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from accounts.backends import GRANTED, know_permissions
from accounts.models import Scope, Token, User
from foundation.clock import Now
from foundation.compiled import Compiled

if TYPE_CHECKING:  # the settings name this module while rest_framework.views is being imported
    from rest_framework.views import APIView


class SignedIn(Request):
    """The request of an endpoint that only people and their programs reach; for annotations."""

    user: User


def find_token(secret: str) -> Token | None:
    """The token with this `secret` whose time is not over by the database's clock and whose person is active.

    One query; with the permissions of the person where the token is for the work of the team.
    """
    found = _of_active_person.first(hash_token(secret))
    if found is not None and found.granted is not None and not found.user.is_superuser:
        know_permissions(found.user, found.granted)
    return found


_GRANTED = f"CASE WHEN accounts_token.scope = %s THEN ARRAY({GRANTED.format(*['accounts_token.user_id'] * 2)}) END"


@Compiled
def _of_active_person(digest: str) -> "QuerySet[Token]":
    holds = Q(expiry=None) | Q(expiry__gt=Now())
    granted = RawSQL(_GRANTED, [Scope.MODERATE.value])  # noqa: S611 - our own SQL
    rows = Token.objects.filter(holds, digest=digest, user__is_active=True).select_related("user")
    found: QuerySet[Token] = rows.annotate(granted=granted)
    return found


class TokenAuthentication(KnoxAuthentication):
    """`Authorization: Bearer <token>`; one query, and bytes that are no text are an unknown token, not a fault."""

    def authenticate_credentials(self, token: bytes) -> tuple[User, Token]:
        found = find_token(token.decode("utf-8", errors="replace"))
        if found is None:
            message = _("This token is unknown, has expired, or belongs to a closed account. Create a new one.")
            raise AuthenticationFailed(message)
        return found.user, found


class HasScope(BasePermission):
    """A token needs `write` for whatever changes something, and what the view's `scope` says; a session needs none."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        if not isinstance(request.auth, Token):
            return True
        needed = getattr(view, "scope", Scope.READ if request.method in SAFE_METHODS else Scope.WRITE)
        self.message = _("This token’s scope is “%(scope)s”; this needs “%(needed)s”.") % {
            "scope": request.auth.scope,
            "needed": Scope(needed).value,
        }
        return request.auth.allows(needed)
