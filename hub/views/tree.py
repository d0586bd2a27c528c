"""Files and folders at a revision, for whoever may have the files (A2)."""

from bisect import bisect_right
from typing import Any
from urllib.parse import quote, urlencode

from django.http import HttpResponseBase

from hub import entries, errors
from hub.find import commit_of, find_with_files
from hub.protocol import HubRequest, answer, endpoint, is_true, link
from repositories import git
from repositories.access import Access
from repositories.addresses import Address
from repositories.git import Entry
from repositories.holding import CARD
from repositories.models import Repository
from repositories.verdicts import sees_findings

# Entries of a page; with what each one's history and content say, fewer.
PAGE, EXPANDED_PAGE = 1_000, 50


@endpoint("GET", "HEAD")
def tree(request: HubRequest, address: Address, revision: str, folder: str = "") -> HttpResponseBase:
    """What lies in a folder, with `recursive` all below it too, by path; `Link` names the next page, of that commit."""
    repository, found = find_with_files(request, address)
    commit, folder = commit_of(repository, revision, request.user, found), folder.strip("/")
    deep, expand = is_true(request.GET.get("recursive", "")), is_true(request.GET.get("expand", ""))
    listed = git.list_folder(repository, folder, commit, deep=deep) if commit else [] if not folder else None
    if listed is None:
        raise errors.entry_not_found(folder, commit)
    if found.card_hidden:
        listed = [entry for entry in listed if entry.path != CARD]
    start = bisect_right(listed, request.GET.get("after", ""), key=lambda entry: entry.path)
    size = EXPANDED_PAGE if expand else PAGE
    page = listed[start : start + size]
    headers = {"X-Repo-Commit": commit}
    if start + size < len(listed):
        where = "".join(f"/{quote(part, safe='')}" for part in ("tree", commit, folder) if part)
        query = urlencode({"recursive": deep, "expand": expand, "after": page[-1].path})
        headers |= link(request, f"/api/{repository.kind}s/{repository.full_name}{where}?{query}")
    return answer(_described(request, repository, found, commit, page, expand=expand), headers=headers)


@endpoint("POST", writes=False)
def paths_info(request: HubRequest, address: Address, revision: str) -> HttpResponseBase:
    """The same for the paths that a form names; what is not there is left out."""
    repository, found = find_with_files(request, address)
    commit = commit_of(repository, revision, request.user, found)
    paths = [path.strip("/") for path in request.POST.getlist("paths")]
    expand = is_true(request.POST.get("expand", ""))
    named = [one for one in _named(repository, commit, paths) if not (found.card_hidden and one.path == CARD)]
    return answer(_described(request, repository, found, commit, named, expand=expand))


def _described(
    request: HubRequest, repository: Repository, found: Access, commit: str, some: list[Entry], *, expand: bool
) -> list[dict[str, Any]]:
    if not expand:
        return entries.describe(some)
    return entries.describe_fully(repository, commit, some, full=sees_findings(found, request.user))


def _named(repository: Repository, commit: str, paths: list[str]) -> list[Entry]:
    folders = {path: path.rpartition("/")[0] for path in paths if path and commit}
    listed = {folder: git.list_folder(repository, folder, commit) or [] for folder in set(folders.values())}
    found = {entry.path: entry for some in listed.values() for entry in some}
    return [found[path] for path in folders if path in found]
