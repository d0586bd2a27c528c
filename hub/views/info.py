"""One repository: what it is, and whether its files are there for whoever asks."""

from collections.abc import Collection
from typing import Any

from django.http import HttpResponseBase

from accounts.models import Scope
from foundation import clock
from hub import entries, errors
from hub.find import commit_of, find, find_with_files
from hub.protocol import HubRequest, answer, endpoint, is_true, person
from hub.shapes import describe, matter
from repositories import git
from repositories.addresses import Address
from repositories.git import File
from repositories.holding import CARD
from repositories.models import Repository
from repositories.scanning import state_of
from repositories.verdicts import ISSUES, sees_findings, verdict

NFAA_WARNING = "not-for-all-audiences; This repository is not for all audiences. Its card says why."
# What the front matter says under another name than an info does.
IN_MATTER = {"model-index": "model-index", "widgetData": "widget", "mask_token": "mask_token", "models": "models"}


@endpoint("GET", "HEAD")
def info(request: HubRequest, address: Address, revision: str = "") -> HttpResponseBase:
    """A repository at a revision; the names of its files for those who may have the files (A2)."""
    repository, found = find(request, address)
    expand = request.GET.getlist("expand")
    values = describe(repository, now=clock.now(), disabled=found.disabled, expand=expand)
    commit = commit_of(repository, revision or "main", request.user, found)
    values |= _of_the_card(repository, expand or ["cardData", "sdk"])
    if "sha" in values:
        values["sha"] = commit or None
    if not expand or "siblings" in expand:
        siblings = _siblings(repository, commit, request) if found.files else []
        values["siblings"] = [one for one in siblings if not (found.card_hidden and one["rfilename"] == CARD)]
    if found.files and (sized := {"usedStorage", "mainSize"}.intersection(expand)):
        values |= dict.fromkeys(sized, sum(file.size for file in git.list_files(repository, commit)))
    if is_true(request.GET.get("securityStatus", "")) and found.files:
        values["securityRepoStatus"] = _security(repository, commit, full=sees_findings(found, request.user))
    return answer(values, headers={"X-HF-Warning": NFAA_WARNING} if repository.nfaa else None)


@endpoint("GET", "HEAD")
def nobody(request: HubRequest, kind: str, name: str) -> HttpResponseBase:
    """A name without an owner: there is no such repository."""
    raise errors.repo_not_found(request.user)


@endpoint("GET", "HEAD")
def auth_check(request: HubRequest, address: Address, *, write: bool = False) -> HttpResponseBase:
    """Whether the person who asks may have the files, or with `write` change them."""
    if not write:
        find_with_files(request, address)
        return answer({})
    _repository, found = find(request, address)
    person(request)
    if not found.edit or (request.token and not request.token.allows(Scope.WRITE)):
        raise errors.not_writer()
    return answer({})


def _of_the_card(repository: Repository, wanted: Collection[str]) -> dict[str, Any]:
    said = matter(repository)
    values = {name: said[key] for name, key in IN_MATTER.items() if name in wanted and key in said}
    if "cardData" in wanted:
        values["cardData"] = said
    if "sdk" in wanted and isinstance(said.get("sdk"), str):
        values["sdk"] = said["sdk"]
    return values


def _siblings(repository: Repository, commit: str, request: HubRequest) -> list[dict[str, Any]]:
    sizes = is_true(request.GET.get("blobs", ""))
    files = git.list_files(repository, commit, sizes=sizes) if commit else []
    return [_sibling(file) if sizes else {"rfilename": file.path} for file in files]


def _sibling(file: File) -> dict[str, Any]:
    return {"rfilename": file.path, "size": file.size, "blobId": file.oid} | entries.large(file, key="sha256")


def _security(repository: Repository, commit: str, *, full: bool) -> dict[str, Any]:
    state = state_of(repository, commit)
    said = [(path, verdict(scan, full=full)) for path, scan in state.issues]
    issues = [{"path": path, "level": one.level} for path, one in said if one and one.level in ISSUES]
    return {"scansDone": state.done, "filesWithIssues": issues}
