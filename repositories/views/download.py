"""Files as they are, and pictures as we made them again: what leaves as bytes (A2; architecture, "User files")."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import add_never_cache_headers, get_conditional_response, patch_cache_control
from django.views.decorators.http import require_safe

from accounts.models import User
from repositories import git, queries
from repositories.access import Access, require_files
from repositories.actions import count_download
from repositories.addresses import Address
from repositories.file_pages import commit_asked, require_file
from repositories.holding import require_card_shown
from repositories.models import Gating, Repository, Visibility
from repositories.pages import protect
from repositories.previews import make_preview, require_preview
from repositories.serving import SANDBOX, is_download, serve


@require_safe
def download(request: HttpRequest, address: Address, path: str) -> HttpResponseBase:
    """The bytes of one file, never to be run or rendered from here; counted."""
    repository = queries.find(*address, request.user)
    found = require_files(repository, request.user)
    require_card_shown(path, found)
    at = commit_asked(request, repository) or repository.head
    response = serve(request, repository, require_file(repository, path, at), at)
    if is_download(request, response):
        count_download(repository, actor=request.user if isinstance(request.user, User) else None)
    return _uncached_unless_open(response, repository, found)


@require_safe
def preview(request: HttpRequest, address: Address, path: str) -> HttpResponseBase:
    """A small picture of a picture. Raises Refused (415) for what is none."""
    repository = queries.find(*address, request.user)
    found = require_files(repository, request.user)
    file = require_file(repository, path, commit_asked(request, repository))
    require_preview(file.path, file.size)
    response = get_conditional_response(request, etag=f'"{file.oid}-small"')
    if response is None:
        with git.open_file(repository, file) as stream:
            response = HttpResponse(make_preview(stream), content_type="image/webp")
    response["ETag"] = f'"{file.oid}-small"'
    response["Content-Disposition"] = "attachment"
    response["Content-Security-Policy"] = SANDBOX
    patch_cache_control(response, no_cache=True)
    return _uncached_unless_open(response, repository, found)


def _uncached_unless_open(response: HttpResponseBase, repository: Repository, found: Access) -> HttpResponseBase:
    """What is not everybody's is kept by no cache."""
    if repository.visibility != Visibility.PUBLIC or repository.gating != Gating.NONE or found.restrictions:
        add_never_cache_headers(response)
    return protect(response, repository, found)
