"""Finding what an address and a revision name, in the errors of the protocol (A2, K2)."""

from django.http import HttpRequest

from foundation.errors import Refused
from hub import errors
from repositories import git, queries
from repositories.access import Access, access
from repositories.addresses import Address
from repositories.models import Repository


def find(request: HttpRequest, address: Address, *, even_disabled: bool = False) -> tuple[Repository, Access]:
    """The repository and what the person who asks may do there. Raises HubError; for a disabled one unless told."""
    try:
        repository = queries.find(*address, request.user)
    except Refused:
        raise errors.repo_not_found(request.user) from None
    found = access(repository, request.user)
    if found.disabled and not found.owner_side and not even_disabled:
        raise errors.disabled(request.user)
    return repository, found


def commit_of(repository: Repository, revision: str) -> str:
    """The commit that `revision` (main, or a commit of its history) names. Raises HubError."""
    if revision in ("main", "HEAD", "refs/heads/main") and repository.head:
        return repository.head
    if not git.in_history(repository, revision):
        raise errors.revision_not_found(revision)
    return revision
