"""Writing text files in the browser: a new one, and changing one that is there (A1)."""

from io import BytesIO

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from foundation.errors import Refused
from repositories import git, queries
from repositories.access import require_edit
from repositories.addresses import Address
from repositories.file_forms import LONGEST_TEXT, NewFileForm, TextFileForm
from repositories.file_pages import require_file, steps, text_of
from repositories.models import Repository
from repositories.pages import render_page, see_other, sent
from repositories.projections import CARD
from repositories.saving import save


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit_file(request: HttpRequest, address: Address, path: str) -> HttpResponse:
    """A text file as it is at the head. The card has a form of its own, which knows what a card is."""
    assert request.user.is_authenticated
    repository = queries.find(*address, request.user)
    found = require_edit(repository, request.user)
    if path == CARD:
        return see_other("repositories:edit_card", repository)
    before = _text(repository, path)
    form = TextFileForm(sent(request), initial={"text": before, "parent": repository.head})
    context = {"tab": "files", "form": form, "path": path, "steps": steps(path), "theirs": ""}
    if form.is_valid():
        ends = "\r\n" if before.count("\r\n") * 2 > before.count("\n") else "\n"
        content = form.cleaned_data["text"].replace("\n", ends).encode()
        stale = _(
            "Somebody changed this repository after you opened this file. Your text is still here; the file as it is "
            "now stands below. Bring both together, then save again."
        )
        message, files = f"Update {path}", {path: BytesIO(content)}
        if save(form, repository, files, actor=request.user, message=message, stale=stale, replace=True):
            messages.success(request, _("We saved the file."))
            return see_other("repositories:file", repository, path)
        context["theirs"] = _text(repository, path)
    status = 422 if form.errors else 200
    return render_page(request, "repositories/edit_file.html", repository, found, context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new_file(request: HttpRequest, address: Address) -> HttpResponse:
    """A text file that is not there yet."""
    assert request.user.is_authenticated
    repository = queries.find(*address, request.user)
    found = require_edit(repository, request.user)
    folder = request.GET.get("folder", "").strip("/")
    initial = {"path": f"{folder}/" if folder else "", "parent": repository.head}
    form = NewFileForm(sent(request), initial=initial)
    if form.is_valid():
        path, content = form.cleaned_data["path"], form.cleaned_data["text"].encode()
        stale = _("Somebody changed this repository after you opened this page. Save again to add your file to that.")
        message, files = f"Add {path}", {path: BytesIO(content)}
        if save(form, repository, files, actor=request.user, message=message, stale=stale):
            messages.success(request, _("We saved the file."))
            return see_other("repositories:file", repository, path)
    context = {"tab": "files", "form": form, "folder": folder}
    status = 422 if form.errors else 200
    return render_page(request, "repositories/new_file.html", repository, found, context, status=status)


def _text(repository: Repository, path: str) -> str:
    """The text at the head. Raises Refused (415) for what cannot be written in a form."""
    file = require_file(repository, path, "")
    text = text_of(git.read_file(repository, path, limit=LONGEST_TEXT) or b"") if file.size <= LONGEST_TEXT else None
    if text is None:
        message = _("This file is no text, or longer than 1 MB: change it on your side and upload it again.")
        raise Refused(message, code="no_text", status=415)
    return text
