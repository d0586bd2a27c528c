"""Uploading files from the browser, with or without JavaScript (A1)."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from repositories import queries
from repositories.access import Access, require_edit
from repositories.addresses import Address
from repositories.file_forms import UploadForm
from repositories.file_pages import address_of_folder
from repositories.models import Repository
from repositories.pages import render_page, see_other, sent
from repositories.receiving import take_files
from repositories.saving import save

PAGE = "repositories/upload.html"


# What is sent is read only once we know that this person may send it; so the form's token is checked after that.
@csrf_exempt
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, address: Address) -> HttpResponse:
    """Several files for one folder, all in one commit. Raises Refused (413) for too much at once."""
    repository = queries.find(*address, request.user)
    assert request.user.is_authenticated
    found = require_edit(repository, request.user)
    if request.method == "POST":
        take_files(request)
    return _upload(request, repository, found)


@csrf_protect
def _upload(request: HttpRequest, repository: Repository, found: Access) -> HttpResponse:
    initial = {"folder": request.GET.get("folder", ""), "parent": repository.head}
    form = UploadForm(sent(request), request.FILES if request.method == "POST" else None, initial=initial)
    if form.is_valid() and _save(request, repository, form):
        return _done(request, repository, form)
    if "HX-Request" in request.headers:
        # Only what is wrong: a new field for files would forget those that were chosen.
        return render(request, f"{PAGE}#state", {"form": form}, status=422)
    context = {"tab": "files", "form": form, "largest": settings.LARGEST_UPLOAD}
    return render_page(request, PAGE, repository, found, context, status=422 if form.errors else 200)


def _save(request: HttpRequest, repository: Repository, form: UploadForm) -> bool:
    assert request.user.is_authenticated
    files, replace = form.cleaned_data["files"], form.cleaned_data["replace"]
    message = f"Upload {next(iter(files))}" if len(files) == 1 else f"Upload {len(files)} files"
    stale = _("Somebody changed this repository after you opened this page. Send your files again to add them to that.")
    return save(form, repository, files, actor=request.user, message=message, stale=stale, replace=replace)


def _done(request: HttpRequest, repository: Repository, form: UploadForm) -> HttpResponse:
    number = len(form.cleaned_data["files"])
    text = ngettext("We committed one file.", "We committed %(number)s files.", number)
    messages.success(request, text % {"number": number})
    where = address_of_folder(repository, form.cleaned_data["folder"])
    if "HX-Request" in request.headers:
        return HttpResponse(headers={"HX-Redirect": where})
    return see_other(where)
