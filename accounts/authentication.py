"""API tokens with scopes (K1)."""

import string
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


# What our tokens are made of.
_VISIBLE = string.ascii_letters + string.digits + "_"


class SignedIn(Request):
    """The request of an endpoint that only people and their programs reach; for annotations."""

    user: User


# What rooms above ask of a person of the team with every token of theirs, by a name: SQL of a query of texts, with `{}`
# for the id of the person. Rooms add theirs when they are loaded, and read the answer with `asked_of`.
ASKED_OF_TEAM: dict[str, str] = {}


def find_token(secret: str) -> Token | None:
    """The token with this `secret` whose time is not over by the database's clock and whose person is active.

    One query; where the token is for the work of the team, with the permissions of the person and ASKED_OF_TEAM.
    """
    found = _of_active_person.first(hash_token(secret))
    if found is not None and found.granted is not None:
        if not found.user.is_superuser:
            know_permissions(found.user, found.granted)
        found.user.__dict__[_ASKED] = {name: getattr(found, _ASKED + name) for name in ASKED_OF_TEAM}
    return found


def asked_of(person: User, name: str) -> list[str] | None:
    """What ASKED_OF_TEAM found with the token; None without one, and from the second time on: it is of that moment."""
    known: dict[str, list[str]] = person.__dict__.get(_ASKED, {})
    return known.pop(name, None)


_ASKED = "_asked_"
_PERSON = "accounts_token.user_id"


def _for_team(statement: str) -> RawSQL:
    """The texts of `statement` as an array, NULL for a token of any other scope."""
    return RawSQL(f"CASE WHEN accounts_token.scope = %s THEN ARRAY({statement}) END", [Scope.MODERATE.value])  # noqa: S611


@Compiled
def _of_active_person(digest: str) -> "QuerySet[Token]":
    holds = Q(expiry=None) | Q(expiry__gt=Now())
    rows = Token.objects.filter(holds, digest=digest, user__is_active=True).select_related("user")
    asked = {"granted": GRANTED} | {_ASKED + name: statement for name, statement in ASKED_OF_TEAM.items()}
    found: QuerySet[Token] = rows.annotate(
        **{name: _for_team(statement.replace("{}", _PERSON)) for name, statement in asked.items()}
    )
    return found


class TokenAuthentication(KnoxAuthentication):
    """`Authorization: Bearer <token>`; one query, and bytes that are no text are an unknown token, not a fault."""

    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        kind, _space, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if kind == "Bearer" and token and not token.strip(_VISIBLE):  # as programs send it
            return self.authenticate_credentials(token.encode())
        found: tuple[User, Token] | None = super().authenticate(request)
        return found

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
        if request.auth.allows(needed):
            return True
        self.message = _("This token’s scope is “%(scope)s”; this needs “%(needed)s”.") % {
            "scope": request.auth.scope,
            "needed": Scope(needed).value,
        }
        return False
