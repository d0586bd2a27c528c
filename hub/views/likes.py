"""Likes: of a person, of a repository."""

from django.http import HttpResponseBase

from foundation.pages import page
from hub import people
from hub.find import find
from hub.protocol import HubRequest, answer, endpoint, link, person
from hub.shapes import moment
from hub.views.people import find_user
from repositories import actions
from repositories.addresses import Address
from repositories.models import Like
from repositories.queries import listed_for

PAGE = 500


@endpoint("GET", "HEAD")
def of_person(request: HubRequest, name: str) -> HttpResponseBase:
    """What a person likes, of what lists show whoever asks, newest first; `Link` names the next page."""
    rows = Like.objects.filter(user=find_user(name), repository__in=listed_for(request.user))
    rows = rows.select_related("repository__namespace")
    found = page(rows, request.GET, order=("-created_at", "-id"), size=PAGE)
    likes = [
        {"createdAt": moment(one.created_at), "repo": {"name": one.repository.full_name, "type": one.repository.kind}}
        for one in found.rows
    ]
    return answer(likes, headers=link(request, found.next and f"?{found.next}"))


@endpoint("GET", "HEAD")
def likers(request: HubRequest, address: Address) -> HttpResponseBase:
    """Who likes a repository, newest first; `Link` names the next page."""
    repository, _found = find(request, address)
    rows = Like.objects.filter(repository=repository).select_related("user")
    found = page(rows, request.GET, order=("-created_at", "-id"), size=PAGE)
    return answer(
        [people.user(request, one.user) for one in found.rows], headers=link(request, found.next and f"?{found.next}")
    )


@endpoint("POST", "DELETE")
def like(request: HubRequest, address: Address) -> HttpResponseBase:
    """Like a repository, or take that back."""
    repository, _found = find(request, address, even_disabled=True)
    change = actions.like if request.method == "POST" else actions.unlike
    change(repository, actor=person(request))
    return answer({})
