"""What a pull request proposes: its files with what changed in them, its commits (A2, B1)."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from community.models import Discussion
from community.posting import Way, refusal
from community.pull_requests import Proposal, may_read_changes, proposal_of
from community.pull_requests.reading import MOST_COMMITS
from community.queries import find_discussion
from community.views.proposal import context_around
from foundation.errors import Forbidden, Refused
from repositories import git, queries
from repositories.access import Access, require_files, require_see
from repositories.addresses import Address
from repositories.file_pages import no_such_commit, require_file
from repositories.holding import require_card_shown, without_card
from repositories.pages import protect, render_page
from repositories.serving import serve

# Lines of all changed files together that one page shows.
MOST_LINES = 5_000


@require_safe
def files(request: HttpRequest, address: Address, number: int) -> HttpResponse:
    """Every changed file with its lines, and below them what can be done."""
    discussion, found = _find(request, address, number)
    proposal = proposal_of(discussion, found, most_lines=MOST_LINES)
    return _page(request, "community/files_changed.html", discussion, found, proposal)


@require_safe
def commits(request: HttpRequest, address: Address, number: int) -> HttpResponse:
    """The commits that it proposes, newest first."""
    discussion, found = _find(request, address, number)
    proposal = proposal_of(discussion, found)
    return _page(request, "community/commits.html", discussion, found, proposal, most_commits=MOST_COMMITS)


@require_safe
def commit(request: HttpRequest, address: Address, number: int, oid: str) -> HttpResponse:
    """One of its commits with what it changed; of one that brought main in, what that changed in the proposal."""
    discussion, found = _find(request, address, number)
    proposal = proposal_of(discussion, found)
    one = next((one for one in proposal.commits if one.oid == oid), None) if proposal else None
    if one is None:
        raise no_such_commit(discussion.repository, oid)
    comparison = git.diff(discussion.repository, one.parents[0] if one.parents else "", oid, most_lines=MOST_LINES)
    if not may_read_changes(comparison, found):
        raise Forbidden(_("This commit changes files that are closed to you."))
    comparison = without_card(comparison, found)
    return _page(request, "community/commit.html", discussion, found, proposal, commit=one, comparison=comparison)


@require_safe
def raw(request: HttpRequest, address: Address, number: int, path: str) -> HttpResponseBase:
    """The bytes of one file as it is proposed, never to be run or rendered from here."""
    repository = queries.find(*address, request.user)
    found = require_files(repository, request.user)
    require_card_shown(path, found)
    discussion = _pull_request(find_discussion(repository, number, request.user))
    at = discussion.pull_request.head
    response = serve(request, repository, require_file(repository, path, at), at)
    add_never_cache_headers(response)
    return protect(response, repository, found)


def _find(request: HttpRequest, address: Address, number: int) -> tuple[Discussion, Access]:
    repository = queries.find(*address, request.user)
    found = require_see(repository, request.user)
    return _pull_request(find_discussion(repository, number, request.user)), found


def _pull_request(discussion: Discussion) -> Discussion:
    if not discussion.is_pull_request:
        raise Refused(_("This is a discussion, not a pull request."), code="not_pull_request", status=404)
    return discussion


def _page(
    request: HttpRequest,
    template: str,
    discussion: Discussion,
    found: Access,
    proposal: Proposal | None,
    **more: Any,
) -> HttpResponse:
    refused = None
    if request.user.is_authenticated:
        refused = refusal(request.user, discussion.repository, Way.STATUS, discussion=discussion, found=found)
    context = {
        "tab": "community",
        "discussion": discussion,
        **context_around(proposal, request, discussion, found, refused),
        **more,
    }
    return render_page(request, template, discussion.repository, found, context)
