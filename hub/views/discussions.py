"""The community tab: its list, one discussion with its timeline, opening another (B1, F5)."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponseBase

from community.actions import LONGEST_COMMENT, LONGEST_TITLE, open_discussion
from community.models import Discussion
from community.pull_requests import open_pull_request
from community.queries import discussions_of, find_discussion
from hub import events, proposals
from hub.errors import HubError
from hub.find import find
from hub.protocol import HubRequest, answer, endpoint, is_true, person, sent, sent_text
from hub.shapes import moment
from repositories.access import Access
from repositories.addresses import Address
from repositories.models import Repository, long_columns

PAGE = 50
# As the client's lists know them: what is open includes drafts.
STANDING = (Discussion.Status.OPEN, Discussion.Status.DRAFT)
OVER = (Discussion.Status.CLOSED, Discussion.Status.MERGED)


@endpoint("GET", "HEAD", "POST")
def discussions(request: HubRequest, address: Address) -> HttpResponseBase:
    """The discussions of a repository, newest first, by pages of 50; or a new one."""
    repository, found = find(request, address, even_disabled=True)
    if request.method == "POST":
        return _open(request, repository)
    number = request.GET.get("p", "0")
    if not (number.isdecimal() and number.isascii() and len(number) < 7):
        raise HubError(400, "p is the number of a page, from 0")
    start = int(number) * PAGE
    rows = _asked_for(request, repository, found)
    shown = [
        _describe(row)
        for row in rows.select_related("repository__namespace", "author").defer(*long_columns("repository"))[
            start : start + PAGE
        ]
    ]
    return answer({"discussions": shown, "count": rows.count(), "start": start})


@endpoint("GET", "HEAD")
def details(request: HubRequest, address: Address, number: int) -> HttpResponseBase:
    """A discussion with its whole timeline, oldest first; of a pull request also what it proposes, with `diff`."""
    repository, found = find(request, address, even_disabled=True)
    row = find_discussion(repository, number, request.user)
    described = {**_describe(row), "events": events.timeline(row)}
    if row.is_pull_request:
        described |= proposals.describe(row, found, diff=is_true(request.GET.get("diff", "")))
    return answer(described)


def _open(request: HubRequest, repository: Repository) -> HttpResponseBase:
    actor, body = person(request), sent(request)
    title = " ".join(sent_text(body, "title", longest=LONGEST_TITLE).split())
    text = sent_text(body, "description", longest=LONGEST_COMMENT)
    if body.get("pullRequest"):  # without changes yet: a draft, until its first commit and its opening
        opened = open_pull_request(repository, [], title=title, text=text, actor=actor)
    else:
        opened = open_discussion(repository, title=title, text=text, actor=actor)
    url = request.build_absolute_uri(opened.get_absolute_url())
    return answer({"num": opened.number, "url": url, "pullRequest": opened.is_pull_request})


def _describe(row: Discussion) -> dict[str, Any]:
    """A discussion as lists show it; needs its repository, namespace and author."""
    return {
        "num": row.number,
        "title": row.title,
        "status": row.status,
        "createdAt": moment(row.created_at),
        "isPullRequest": row.is_pull_request,
        "locked": row.locked,
        "pinned": row.pinned_at is not None,
        "author": {"name": row.author.username},
        "repo": {"name": row.repository.full_name, "type": row.repository.kind},
    }


def _asked_for(request: HubRequest, repository: Repository, found: Access) -> QuerySet[Discussion]:
    rows = discussions_of(repository, request.user, found)
    status, kind = request.GET.get("status", "all"), request.GET.get("type", "all")
    if status not in ("all", "open", "closed") or kind not in ("all", "discussion", "pull_request"):
        raise HubError(400, "status is open, closed or all; type is discussion, pull_request or all")
    if status != "all":
        rows = rows.filter(status__in=STANDING if status == "open" else OVER)
    if author := request.GET.get("author"):
        rows = rows.filter(author__username__iexact=author)
    return rows if kind == "all" else rows.filter(is_pull_request=kind == "pull_request")
