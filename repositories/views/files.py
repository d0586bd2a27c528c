"""Files and history: the list, one file, the download, the commits; for whoever may have the files (A2)."""

from collections.abc import Callable
from functools import wraps
from pathlib import PurePosixPath

from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.models import User
from foundation.errors import Forbidden, Refused
from repositories import git, queries
from repositories.access import Access, require_files, require_see
from repositories.actions import count_download
from repositories.addresses import Address
from repositories.card import body_of
from repositories.models import Gating, Repository, Visibility
from repositories.pages import protect, render_page

View = Callable[..., HttpResponse]
LONGEST_SHOWN = 1_000_000
MOST_FILES = 1_000
COMMITS = 50


def _page_of_files(tab: str) -> Callable[[View], View]:
    """A page under `tab` for whoever may have the files; others stay in the repository and read why they may not."""

    def decorate(view: View) -> View:
        @require_safe
        @wraps(view)
        def wrapped(request: HttpRequest, address: Address, **rest: str) -> HttpResponse:
            repository = queries.find(*address, request.user)
            try:
                found = require_files(repository, request.user)
            except Forbidden as refusal:
                found = require_see(repository, request.user)
                context = {"tab": tab, "refusal": refusal}
                return render_page(request, "repositories/no_files.html", repository, found, context, status=403)
            return view(request, repository, found, **rest)

        return wrapped

    return decorate


@_page_of_files("files")
def files(request: HttpRequest, repository: Repository, found: Access) -> HttpResponse:
    """Every file at the head, or at the commit `at` of the address."""
    at = _revision(request, repository)
    listed = git.list_files(repository, at)
    context = {"tab": "files", "files": listed[:MOST_FILES], "left_out": listed[MOST_FILES:], "at": at}
    return render_page(request, "repositories/files.html", repository, found, context)


@_page_of_files("files")
def show_file(request: HttpRequest, repository: Repository, found: Access, path: str) -> HttpResponse:
    """One file: Markdown rendered, other text escaped, and of everything else, or above 1 MB, size and id only."""
    at = _revision(request, repository)
    file = next((one for one in git.list_files(repository, at) if one.path == path), None)
    if file is None:
        raise _no_such_file()
    text = _text(git.read_file(repository, path, at)) if file.size <= LONGEST_SHOWN else None
    rendered = body_of(text) if text and PurePosixPath(path).name == "README.md" else ""
    context = {"tab": "files", "file": file, "text": text, "rendered": rendered, "at": at}
    return render_page(request, "repositories/file.html", repository, found, context)


@require_safe
def download(request: HttpRequest, address: Address, path: str) -> HttpResponse:
    """The bytes of one file, never to be run or rendered from here (architecture, "User files"); counted."""
    repository = queries.find(*address, request.user)
    found = require_files(repository, request.user)
    content = git.read_file(repository, path, _revision(request, repository))
    if content is None:
        raise _no_such_file()
    if request.method == "GET":
        count_download(repository, actor=request.user if isinstance(request.user, User) else None)
    name = content_disposition_header(as_attachment=True, filename=PurePosixPath(path).name)
    response = HttpResponse(content, content_type="application/octet-stream")
    response["Content-Disposition"] = name or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    if repository.visibility != Visibility.PUBLIC or repository.gating != Gating.NONE or found.disabled:
        add_never_cache_headers(response)
    return protect(response, repository, found)


@_page_of_files("history")
def history(request: HttpRequest, repository: Repository, found: Access) -> HttpResponse:
    """Commits, newest first; `start` in the address is the commit the page begins with."""
    commits = git.history(repository, COMMITS + 1, _revision(request, repository, "start"))
    following = commits[COMMITS].oid if len(commits) > COMMITS else ""
    context = {"tab": "history", "commits": commits[:COMMITS], "following": following}
    return render_page(request, "repositories/history.html", repository, found, context)


def _revision(request: HttpRequest, repository: Repository, parameter: str = "at") -> str:
    """The commit the address names, "" for the head. Raises Refused (404) for one that is not in the history."""
    oid = request.GET.get(parameter, "")
    if oid and not git.in_history(repository, oid):
        raise Refused(_("There is no such commit in the history of this repository."), code="not_found", status=404)
    return oid


def _no_such_file() -> Refused:
    return Refused(_("There is no such file in this repository."), code="not_found", status=404)


def _text(content: bytes | None) -> str | None:
    if content is None or b"\x00" in content:
        return None
    try:
        return content.decode()
    except UnicodeDecodeError:
        return None
