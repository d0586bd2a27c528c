"""Downloads: metadata by HEAD, bytes by GET (A2)."""

from django.http import HttpResponseBase

from accounts.models import User
from hub import errors, limits
from hub.find import commit_of, find
from hub.protocol import HubRequest, endpoint
from hub.views.info import NFAA_WARNING
from repositories import git
from repositories.actions import count_download
from repositories.addresses import Address
from repositories.holding import is_card
from repositories.projections import CARD
from repositories.serving import is_download, serve


@endpoint("GET", "HEAD", limit=limits.DOWNLOADS)
def resolve(request: HubRequest, address: Address, revision: str, path: str) -> HttpResponseBase:
    """A file at a revision. The card of a gated or disabled repository stays readable, as its page is (A2).

    While the card is held it is not there for strangers: clients then go on with the other files (E4).
    """
    repository, found = find(request, address, even_disabled=path == CARD)
    commit = commit_of(repository, revision, request.user, found) if found.files or path == CARD else ""
    if not found.files and (commit != repository.head or not commit):
        raise errors.disabled(request.user) if found.disabled else errors.gated(repository, request.user)
    shown = bool(commit) and not (found.card_hidden and is_card(path))
    file = git.find_file(repository, path, commit) if shown else None
    if file is None:
        raise errors.entry_not_found(path, commit)
    response = serve(request, repository, file, commit)
    if found.files and is_download(request, response):
        count_download(repository, actor=request.user if isinstance(request.user, User) else None)
    if repository.nfaa:
        response["X-HF-Warning"] = NFAA_WARNING
    return response


@endpoint("GET", "HEAD", limit=limits.DOWNLOADS)
def nobody(request: HubRequest, name: str, revision: str, path: str, kind: str = "") -> HttpResponseBase:
    """A name without an owner: there is no such repository."""
    raise errors.repo_not_found(request.user)
