"""What all pages of files have in common: who may open them, at which commit, and where they lie."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from foundation.errors import Forbidden, Refused
from repositories import git, queries
from repositories.access import require_files, require_see
from repositories.actions.erasing import was_erased
from repositories.addresses import Address
from repositories.models import Repository
from repositories.pages import render_page

View = Callable[..., HttpResponse]


def page_of_files(tab: str) -> Callable[[View], View]:
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


def commit_asked(request: HttpRequest, repository: Repository, parameter: str = "at") -> str:
    """The commit the address names, "" for the head. Raises Refused (404) for one that is not in the history."""
    oid = request.GET.get(parameter, "")
    if oid and not git.in_history(repository, oid):
        raise no_such_commit(repository, oid)
    return oid


def require_file(repository: Repository, path: str, at: str) -> git.File:
    """The file `path` at commit `at` ("": the head). Raises Refused (404) when it is not there."""
    file = git.find_file(repository, path, at)
    if file is None:
        raise Refused(_("There is no such file in this repository."), code="not_found", status=404)
    return file


def no_such_commit(repository: Repository, oid: str) -> Refused:
    """That it is not in the history; of one that was erased on purpose, that it was (C6)."""
    if was_erased(repository, oid):
        return Refused(
            _("This version was erased under our content policy. The history goes on without it."),
            code="erased", status=410,
        )  # fmt: skip
    return Refused(_("There is no such commit in the history of this repository."), code="not_found", status=404)


def steps(path: str) -> list[tuple[str, str]]:
    """The way to `path` from the top: each name with the path that leads there."""
    parts = path.split("/") if path else []
    return [(name, "/".join(parts[: end + 1])) for end, name in enumerate(parts)]


def address_of_folder(repository: Repository, folder: str) -> str:
    """The address of the page of `folder`, of the top for ""."""
    if not folder:
        return reverse("repositories:files", args=[repository])
    return reverse("repositories:folder", args=[repository, folder])


def text_of(content: bytes) -> str | None:
    """The content as text; None when it is none."""
    return content.decode() if git.is_text(content) else None
