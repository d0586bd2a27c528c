"""Branches, pull requests and commits of a repository."""

from typing import Any

from django.http import HttpResponseBase

from community.queries import proposals_of
from hub.errors import HubError
from hub.find import commit_of, find, find_with_files
from hub.protocol import HubRequest, answer, endpoint, is_true, link
from hub.shapes import moment
from repositories import git
from repositories.access import Access
from repositories.addresses import Address
from repositories.authors import called_now
from repositories.git import Commit
from repositories.models import Repository

COMMITS = 200


@endpoint("GET", "HEAD")
def refs(request: HubRequest, address: Address) -> HttpResponseBase:
    """The one branch, main, and with `include_prs` what every pull request proposes."""
    repository, found = find(request, address)
    main = {"name": "main", "ref": "refs/heads/main", "targetCommit": repository.head}
    values: dict[str, Any] = {"branches": [main] if repository.head else [], "converts": [], "tags": []}
    if is_true(request.GET.get("include_prs", "")):
        values["pullRequests"] = _pull_requests(request, repository, found)
    return answer(values)


@endpoint("GET", "HEAD")
def commits(request: HubRequest, address: Address, revision: str) -> HttpResponseBase:
    """Commits from a revision back, newest first; `Link` names the next page, of that commit."""
    repository, found = find_with_files(request, address)
    number = request.GET.get("p", "0")
    if not (number.isdecimal() and number.isascii() and len(number) < 7):
        raise HubError(400, "p is the number of a page, from 0")
    start, page = commit_of(repository, revision, request.user, found), int(number)
    listed = git.history(repository, COMMITS + 1, start, skip=page * COMMITS) if start else []
    following = f"/api/{repository.kind}s/{repository.full_name}/commits/{start}?p={page + 1}"
    headers = link(request, following if len(listed) > COMMITS else "")
    return answer([_commit(one) for one in called_now(listed[:COMMITS])], headers=headers)


def _pull_requests(request: HubRequest, repository: Repository, found: Access) -> list[dict[str, str]]:
    proposed = proposals_of(repository, request.user, found).exclude(head="")
    rows = proposed.order_by("discussion__number").values_list("discussion__number", "head")
    return [{"name": f"pr/{number}", "ref": f"refs/pr/{number}", "targetCommit": head} for number, head in rows]


def _commit(one: Commit) -> dict[str, Any]:
    title, _newline, message = one.message.partition("\n")
    authors = [{"user": one.author}]
    return {"id": one.oid, "title": title, "message": message.strip(), "authors": authors, "date": moment(one.at)}
