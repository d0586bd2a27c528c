"""Whose token it is."""

from django.http import HttpResponseBase

from accounts.models import Membership, Scope, User
from hub.errors import UNKNOWN_TOKEN, HubError
from hub.protocol import HubRequest, answer, endpoint


@endpoint("GET", "HEAD")
def whoami(request: HubRequest) -> HttpResponseBase:
    """Name, organizations with the role there, and what the token may do."""
    token = request.token
    if token is None:
        raise HubError(401, UNKNOWN_TOKEN)
    user: User = token.user
    memberships = Membership.objects.filter(user=user).select_related("organization").order_by("organization__name")
    orgs = [
        {"type": "org", "name": one.organization.name, "fullname": str(one.organization), "roleInOrg": one.role}
        for one in memberships
    ]
    role = "read" if token.scope == Scope.READ else "write"
    return answer(
        {
            "type": "user",
            "id": user.public_id.hex,
            "name": user.username,
            "fullname": user.fullname or user.username,
            "orgs": orgs,
            "auth": {"type": "access_token", "accessToken": {"displayName": token.name or "token", "role": role}},
        }
    )
