"""One repository: what it is, and which files it has."""

from typing import Any

from django.http import HttpResponseBase

from foundation import clock
from hub import errors
from hub.errors import HubError
from hub.find import commit_of, find
from hub.protocol import HubRequest, answer, endpoint
from hub.shapes import describe
from repositories import git
from repositories.addresses import Address
from repositories.models import Repository

NFAA_WARNING = "not-for-all-audiences; This repository is not for all audiences. Its card says why."


@endpoint("GET", "HEAD")
def info(request: HubRequest, address: Address, revision: str = "") -> HttpResponseBase:
    """A repository at a revision; the names of its files for those who may have the files (A2)."""
    repository, found = find(request, address)
    expand = request.GET.getlist("expand")
    values = describe(repository, now=clock.now(), disabled=found.disabled, expand=expand)
    commit = commit_of(repository, revision or "main") if revision or repository.head else ""
    if "sha" in values:
        values["sha"] = commit or None
    if not expand or "siblings" in expand:
        values["siblings"] = _siblings(repository, commit, _asked(request, "blobs")) if found.files else []
    return answer(values, headers={"X-HF-Warning": NFAA_WARNING} if repository.nfaa else None)


@endpoint("GET", "HEAD")
def auth_check(request: HubRequest, address: Address, *, write: bool = False) -> HttpResponseBase:
    """Whether the person who asks may have the files, or with `write` change them."""
    repository, found = find(request, address)
    if write and not found.edit:
        raise HubError(403, "You cannot write to this repository")
    if not found.files:
        raise errors.gated(repository, request.user)
    return answer({})


@endpoint("GET", "HEAD")
def tree(request: HubRequest, address: Address, revision: str, folder: str = "") -> HttpResponseBase:
    """Files and folders at a revision, with `recursive` all below `folder` too; for whoever may have the files."""
    repository, found = find(request, address)
    if not found.files:
        raise errors.gated(repository, request.user)
    commit = commit_of(repository, revision)
    deep = _asked(request, "recursive")
    entries = git.list_folder(repository, folder.rstrip("/"), commit, deep=deep)
    if entries is None:
        raise errors.entry_not_found(folder, commit)
    kinds = {True: "directory", False: "file"}
    shown = [{"type": kinds[one.is_folder], "path": one.path, "oid": one.oid, "size": one.size} for one in entries]
    return answer(shown, headers={"X-Repo-Commit": commit})


def _asked(request: HubRequest, name: str) -> bool:
    return request.GET.get(name, "").lower() in ("true", "1")  # older clients write True


def _siblings(repository: Repository, commit: str, blobs: bool) -> list[dict[str, Any]]:
    files = git.list_files(repository, commit)
    if not blobs:
        return [{"rfilename": file.path} for file in files]
    return [{"rfilename": file.path, "size": file.size, "blobId": file.oid} for file in files]
