"""The files of a repository, one folder at a time (A1)."""

from django.http import HttpRequest, HttpResponse

from repositories.access import Access
from repositories.file_pages import commit_asked, page_of_files, steps
from repositories.folders import open_folder
from repositories.models import Repository
from repositories.pages import render_page
from repositories.verdicts import sees_findings, sees_lists


@page_of_files("files")
def files(request: HttpRequest, repository: Repository, found: Access, folder: str = "") -> HttpResponse:
    """What lies in a folder at the head, or at the commit `at` of the address."""
    at = commit_asked(request, repository)
    full, after = sees_findings(found, request.user), request.GET.get("after", "")
    page = open_folder(repository, folder, at, full=full, lists=sees_lists(request.user), after=after)
    context = {"tab": "files", "folder": folder, "steps": steps(folder), "page": page, "at": at}
    return render_page(request, "repositories/files.html", repository, found, context)
