"""Finding what an address and a revision name, in the errors of the protocol (A2, K2)."""

import re

from django.http import HttpRequest

from accounts.models import User
from community.queries import proposals_of
from foundation.errors import Refused
from hub import errors
from hub.errors import HubError
from repositories import git, queries
from repositories.access import Access, Viewer, access
from repositories.actions.erasing import was_erased
from repositories.addresses import Address
from repositories.errors import Moved, Removed
from repositories.models import PREFIX, Kind, Repository

MAIN = ("main", "HEAD", "refs/heads/main")
_PULL_REQUEST = re.compile("refs/pr/([0-9]{1,9})")


def find(request: HttpRequest, address: Address, *, even_disabled: bool = False) -> tuple[Repository, Access]:
    """The repository and what the person who asks may do there. Raises HubError; for a disabled one unless told, and
    the same one for what the team removed.

    Whoever asks for the former address of one that moved is sent on.
    """
    try:
        repository = queries.find(*address, request.user)
    except Moved as moved:
        raise _sent_on(request, address, moved.repository) from None
    except Removed:
        raise errors.disabled(request.user) from None
    except Refused:
        raise errors.repo_not_found(request.user) from None
    found = access(repository, request.user)
    if found.disabled and not found.files and not even_disabled:
        raise errors.disabled(request.user)
    return repository, found


def find_with_files(request: HttpRequest, address: Address) -> tuple[Repository, Access]:
    """The same for what only those are told who may have the files. Raises HubError."""
    repository, found = find(request, address)
    if not found.files:
        raise errors.gated(repository, request.user)
    return repository, found


def find_named(kind: str, full_name: str, actor: User) -> Repository:
    """The repository that the body of a request names as owner/name; no redirect for who changes something."""
    owner, _slash, name = full_name.partition("/")
    try:
        return queries.find(kind, owner, name, actor)
    except Moved as moved:
        raise HubError(404, str(moved), code="RepoNotFound") from None
    except Removed:
        raise errors.disabled(actor) from None
    except Refused:
        raise errors.repo_not_found(actor) from None


def commit_of(repository: Repository, revision: str, viewer: Viewer, found: Access) -> str:
    """The commit that `revision` names: main, refs/pr/N, a commit of main's history, or what is proposed.

    "" for main while nothing was committed. Raises HubError, the same for a proposal that is missing and for one that
    `viewer`, with this access, may not read.
    """
    if revision in MAIN:
        return repository.head
    if (number := pull_request_number(revision)) is not None:
        proposed = proposals_of(repository, viewer, found).filter(discussion__number=number)
        head = proposed.values_list("head", flat=True).first()
    elif git.in_history(repository, revision):
        head = revision
    else:
        is_proposed = len(revision) == 40 and proposals_of(repository, viewer, found).filter(head=revision).exists()
        head = revision if is_proposed else None
    if not head:
        if was_erased(repository, revision):
            raise errors.erased(revision)
        raise errors.revision_not_found(revision)
    return head


def pull_request_number(revision: str) -> int | None:
    """N of refs/pr/N; None for any other revision."""
    found = _PULL_REQUEST.fullmatch(revision)
    return int(found[1]) if found else None


def _sent_on(request: HttpRequest, address: Address, repository: Repository) -> HubError:
    path, full_name = request.get_full_path(), f"{address.owner}/{address.name}"
    before = f"/api/{address.kind}s/" if path.startswith("/api/") else f"/{PREFIX[Kind(address.kind)]}"
    rest = path.removeprefix(before + full_name)
    # Without a host: older clients take one with a host for the address of a storage, and ask nothing further.
    location = f"{before}{repository.full_name}{rest}"
    message = f"This repository moved. It is called {repository.full_name} now."
    return HubError(307, message, headers={"Location": location})
