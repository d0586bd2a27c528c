"""The community tab: reading, opening a discussion, commenting (B1, F5)."""

from django.db.models import QuerySet
from django.http import HttpResponseBase

from accounts.posting import require_may_post
from community.actions import LONGEST_COMMENT, LONGEST_TITLE, add_comment, open_discussion
from community.models import Discussion
from community.queries import comments_of, discussions_of, find_discussion
from foundation.text import clean_text
from hub.errors import HubError
from hub.find import find
from hub.protocol import HubRequest, answer, endpoint, person, sent
from hub.shapes import comment, discussion
from repositories.addresses import Address
from repositories.models import Repository

PAGE = 50


@endpoint("GET", "HEAD", "POST")
def discussions(request: HubRequest, address: Address) -> HttpResponseBase:
    """The discussions of a repository, newest first, by pages of 50; or a new one."""
    repository, _found = find(request, address, even_disabled=True)
    if request.method == "POST":
        return _open(request, repository)
    number = request.GET.get("p", "0")
    if not (number.isdecimal() and number.isascii() and len(number) < 7):
        raise HubError(400, "p is the number of a page, from 0")
    start = int(number) * PAGE
    rows = _asked_for(request, repository)
    shown = [discussion(row) for row in rows.select_related("repository__namespace", "author")[start : start + PAGE]]
    return answer({"discussions": shown, "count": rows.count(), "start": start})


@endpoint("GET", "HEAD")
def details(request: HubRequest, address: Address, number: int) -> HttpResponseBase:
    """A discussion with its comments as events, oldest first."""
    repository, _found = find(request, address, even_disabled=True)
    row = find_discussion(repository, number)
    return answer({**discussion(row), "events": [comment(one) for one in comments_of(row)]})


@endpoint("POST")
def add(request: HubRequest, address: Address, number: int) -> HttpResponseBase:
    """Comment in a discussion; a restriction on posting is refused with its end (F5)."""
    repository, _found = find(request, address, even_disabled=True)
    actor = person(request)
    text = _text(sent(request).get("comment"), "comment", LONGEST_COMMENT)
    added = add_comment(find_discussion(repository, number), text=text, actor=actor)
    return answer({"newMessage": comment(added)})


def _open(request: HubRequest, repository: Repository) -> HttpResponseBase:
    actor = person(request)
    body = sent(request)
    title = " ".join(_text(body.get("title"), "title", LONGEST_TITLE).split())
    text = _text(body.get("description"), "description", LONGEST_COMMENT)
    if body.get("pullRequest"):
        require_may_post(actor)
        raise HubError(400, "This hub takes no pull requests yet: open a discussion")
    opened = open_discussion(repository, title=title, text=text, actor=actor)
    url = request.build_absolute_uri(opened.get_absolute_url())
    return answer({"num": opened.number, "url": url, "pullRequest": False})


def _text(value: object, name: str, longest: int) -> str:
    if not isinstance(value, str) or not (text := clean_text(value, longest=longest)):
        raise HubError(400, f"{name} is missing")
    return text


def _asked_for(request: HubRequest, repository: Repository) -> QuerySet[Discussion]:
    rows = discussions_of(repository)
    status, kind = request.GET.get("status", "all"), request.GET.get("type", "all")
    if status not in ("all", "open", "closed") or kind not in ("all", "discussion", "pull_request"):
        raise HubError(400, "status is open, closed or all; type is discussion, pull_request or all")
    if status != "all":
        rows = rows.filter(status=status)
    if author := request.GET.get("author"):
        rows = rows.filter(author__username__iexact=author)
    return rows.none() if kind == "pull_request" else rows
