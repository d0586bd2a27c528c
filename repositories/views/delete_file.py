"""Deleting a file, or a folder with all that lies in it (A1)."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from foundation.errors import Refused
from repositories import git, queries
from repositories.access import require_edit
from repositories.actions.files import delete_path
from repositories.addresses import Address
from repositories.file_forms import CommitForm
from repositories.file_pages import address_of_folder, steps
from repositories.models import Repository
from repositories.pages import render_page, see_other, sent


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def delete_file(request: HttpRequest, address: Address, path: str) -> HttpResponse:
    """Says what will be gone, and where it stays; then commits that it is gone."""
    assert request.user.is_authenticated
    repository = queries.find(*address, request.user)
    found = require_edit(repository, request.user)
    number = _number_of_files(repository, path)
    form = CommitForm(sent(request), initial={"parent": repository.head})
    if form.is_valid():
        message, parent = form.cleaned_data["message"] or f"Delete {path}", form.cleaned_data["parent"]
        delete_path(repository, path, actor=request.user, message=message, parent=parent)
        messages.success(request, _("We deleted %(path)s. The history keeps it.") % {"path": path})
        return see_other(address_of_folder(repository, _folder_left(repository, path)))
    context = {"tab": "files", "form": form, "path": path, "steps": steps(path), "number": number}
    status = 422 if form.errors else 200
    return render_page(request, "repositories/delete_file.html", repository, found, context, status=status)


def _number_of_files(repository: Repository, path: str) -> int | None:
    """How many files the folder `path` has, None for a file. Raises Refused (404) when nothing is there."""
    if git.find_file(repository, path):
        return None
    entries = git.list_folder(repository, path, deep=True, sizes=False)
    if entries is None:
        raise Refused(_("There is no such file in this repository."), code="not_found", status=404)
    return sum(not entry.is_folder for entry in entries)


def _folder_left(repository: Repository, path: str) -> str:
    """The nearest folder above `path` that is still there: git keeps no empty ones."""
    folder = path.rpartition("/")[0]
    while folder and git.list_folder(repository, folder, sizes=False) is None:
        folder = folder.rpartition("/")[0]
    return folder
