"""Profiles of people and organizations; they are public."""

from django.http import HttpResponseBase

from accounts.models import Membership, Namespace, User
from accounts.queries import find_namespace, members_of, memberships_of
from foundation.errors import Refused
from foundation.pages import page
from hub import people
from hub.errors import HubError
from hub.protocol import HubRequest, answer, endpoint, link

MEMBERS = 500


@endpoint("GET", "HEAD")
def overview(request: HubRequest, name: str) -> HttpResponseBase:
    """A person, with the organizations where this person is a member."""
    one = find_user(name)
    orgs = [people.organization(request, membership.organization) for membership in memberships_of(one)]
    return answer({**people.user(request, one), "details": one.bio or None, "orgs": orgs})


@endpoint("GET", "HEAD")
def organization(request: HubRequest, name: str) -> HttpResponseBase:
    """An organization, with the number of its members."""
    one = _namespace(name).organization
    if one is None:
        raise _nobody()
    members = Membership.objects.filter(organization=one).count()
    return answer({**people.organization(request, one), "numUsers": members})


@endpoint("GET", "HEAD")
def members(request: HubRequest, name: str) -> HttpResponseBase:
    """The members of an organization; `Link` names the next page."""
    one = _namespace(name).organization
    if one is None:
        raise _nobody()
    found = page(members_of(one).order_by("pk"), request.GET, order=("id",), size=MEMBERS)
    rows = [people.user(request, membership.user) for membership in found.rows]
    return answer(rows, headers=link(request, found.next and f"?{found.next}"))


def find_user(name: str) -> User:
    """The person of this name in any case. Raises HubError (404)."""
    one = _namespace(name).user
    if not isinstance(one, User):
        raise _nobody()
    return one


def _namespace(name: str) -> Namespace:
    try:
        return find_namespace(name)
    except Refused:
        raise _nobody() from None


def _nobody() -> HubError:
    return HubError(404, "There is nobody of this name here")
