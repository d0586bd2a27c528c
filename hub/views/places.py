"""Moving and deleting repositories (A1)."""

from django.http import HttpResponseBase

from accounts.queries import find_namespace
from hub.errors import HubError
from hub.find import find_named
from hub.protocol import HubRequest, answer, endpoint, person, sent
from hub.views.repos import kind_in, word_in
from repositories.actions.move import delete_repository, move_repository


@endpoint("DELETE")
def delete(request: HubRequest) -> HttpResponseBase:
    """Delete a repository; its name stays taken."""
    actor, body = person(request), sent(request)
    owner = word_in(body, "organization") if body.get("organization") else actor.username
    repository = find_named(kind_in(body), f"{owner}/{word_in(body, 'name')}", actor)
    delete_repository(repository, actor=actor)
    return answer({})


@endpoint("POST")
def move(request: HubRequest) -> HttpResponseBase:
    """Rename or transfer a repository; its former address leads to the new one."""
    actor, body = person(request), sent(request)
    repository = find_named(kind_in(body), word_in(body, "fromRepo"), actor)
    owner, slash, name = word_in(body, "toRepo").partition("/")
    if not slash:
        raise HubError(400, "toRepo is owner/name")
    moved = move_repository(repository, namespace=find_namespace(owner), name=name, actor=actor)
    return answer({"url": request.build_absolute_uri(moved.get_absolute_url()), "name": moved.full_name})
