"""Downloads: metadata by HEAD, bytes by GET (A2)."""

from pathlib import PurePosixPath

from django.http import HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header

from accounts.models import User
from hub import errors
from hub.find import commit_of, find
from hub.protocol import HubRequest, endpoint
from hub.views.info import NFAA_WARNING
from repositories import git
from repositories.actions import count_download
from repositories.addresses import Address

CARD = "README.md"


@endpoint("GET", "HEAD")
def resolve(request: HubRequest, address: Address, revision: str, path: str) -> HttpResponseBase:
    """A file at a revision. The card of a gated or disabled repository stays readable, as its page is (A2)."""
    repository, found = find(request, address, even_disabled=path == CARD)
    commit = commit_of(repository, revision) if found.files or path == CARD else ""
    if not found.files and commit != repository.head:
        raise errors.disabled(request.user) if found.disabled else errors.gated(repository, request.user)
    file = git.find_file(repository, path, commit)
    if file is None:
        raise errors.entry_not_found(path, commit)
    response = HttpResponse(content_type="application/octet-stream")
    if request.method == "GET":
        response.content = git.read_file(repository, path, commit) or b""
        if found.files:
            count_download(repository, actor=request.user if isinstance(request.user, User) else None)
    response["X-Repo-Commit"], response["ETag"] = commit, f'"{file.oid}"'
    response["Content-Length"] = str(file.size)
    response["Content-Disposition"] = content_disposition_header(True, PurePosixPath(path).name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    if repository.nfaa:
        response["X-HF-Warning"] = NFAA_WARNING
    return response
