"""Asking first: whoever opens a repository that is not for all audiences is asked once per session (A4)."""

from django.http import HttpRequest

from accounts.models import NfaaPreference, User
from repositories.access import Access
from repositories.models import Repository

TEMPLATE = "repositories/interstitial.html"
VIEWED = "viewed_nfaa"
MOST_REMEMBERED = 200


def must_ask(request: HttpRequest, repository: Repository, found: Access) -> bool:
    """Whether a page of `repository` stays closed until this visitor says to view it.

    Nobody is asked on the owner side, in the team, who chose to be shown everything, or who looks at it in an
    inspection. A form that was sent and could not be taken is shown: its words must not be lost.
    """
    if not repository.nfaa or found.owner_side or found.inspecting or request.method not in ("GET", "HEAD"):
        return False
    if repository.pk in request.session.get(VIEWED, ()):
        return False
    user = request.user
    return not (isinstance(user, User) and (user.nfaa == NfaaPreference.SHOW or user.is_system or user.is_team))


def remember(request: HttpRequest, repository: Repository) -> None:
    """This visitor said to view `repository`; of more than MOST_REMEMBERED we forget the first."""
    others = [key for key in request.session.get(VIEWED, ()) if key != repository.pk]
    request.session[VIEWED] = [*others, repository.pk][-MOST_REMEMBERED:]
