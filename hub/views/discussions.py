"""The community tab: reading, opening a discussion, commenting (B1, F5)."""

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpResponseBase

from community.actions import LONGEST_COMMENT, LONGEST_TITLE, add_comment, open_discussion, set_status
from community.models import Discussion
from community.pull_requests import merge_pull_request, open_draft, open_pull_request
from community.queries import comments_of, discussions_of, find_discussion
from foundation import clock
from foundation.text import clean_text
from hub.errors import HubError
from hub.find import find
from hub.protocol import HubRequest, answer, endpoint, person, sent
from hub.shapes import comment, discussion, proposed, status_change
from repositories.addresses import Address
from repositories.models import Repository

PAGE = 50
# As the client's lists know them: what is open includes drafts.
STANDING = (Discussion.Status.OPEN, Discussion.Status.DRAFT)
OVER = (Discussion.Status.CLOSED, Discussion.Status.MERGED)


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
    """A discussion with its comments as events, oldest first; of a pull request also where it goes."""
    repository, _found = find(request, address, even_disabled=True)
    row = find_discussion(repository, number)
    events = [comment(one) for one in comments_of(row)]
    return answer({**discussion(row), **(proposed(row) if row.is_pull_request else {}), "events": events})


@endpoint("POST")
def add(request: HubRequest, address: Address, number: int) -> HttpResponseBase:
    """Comment in a discussion; a restriction on posting is refused with its end (F5)."""
    repository, _found = find(request, address, even_disabled=True)
    actor = person(request)
    text = _text(sent(request).get("comment"), "comment", LONGEST_COMMENT)
    added = add_comment(find_discussion(repository, number), text=text, actor=actor)
    return answer({"newMessage": comment(added)})


@endpoint("POST")
def status(request: HubRequest, address: Address, number: int) -> HttpResponseBase:
    """Open a draft, close, or reopen; a `comment` that comes with it is added first."""
    repository, _found = find(request, address, even_disabled=True)
    actor, body = person(request), sent(request)
    row, wanted = find_discussion(repository, number), body.get("status")
    if wanted not in (Discussion.Status.OPEN, Discussion.Status.CLOSED):
        raise HubError(400, "status is open or closed")
    with transaction.atomic():
        if body.get("comment"):
            add_comment(row, text=_text(body["comment"], "comment", LONGEST_COMMENT), actor=actor)
        if row.status == Discussion.Status.DRAFT and wanted == Discussion.Status.OPEN:
            open_draft(row, actor=actor)
        else:
            set_status(row, wanted, actor=actor)
    return answer({"newStatus": status_change(row, wanted, actor, clock.now())})


@endpoint("POST")
def merge(request: HubRequest, address: Address, number: int) -> HttpResponseBase:
    """Merge a pull request into main; a `comment` becomes the words of the commit."""
    repository, _found = find(request, address, even_disabled=True)
    actor, body = person(request), sent(request)
    words = _text(body["comment"], "comment", LONGEST_COMMENT) if body.get("comment") else ""
    return answer(
        {"mergeCommitId": merge_pull_request(find_discussion(repository, number), actor=actor, message=words)}
    )


def _open(request: HubRequest, repository: Repository) -> HttpResponseBase:
    actor = person(request)
    body = sent(request)
    title = " ".join(_text(body.get("title"), "title", LONGEST_TITLE).split())
    text = _text(body.get("description"), "description", LONGEST_COMMENT)
    if body.get("pullRequest"):  # without changes yet: a draft, until its first commit and its opening
        opened = open_pull_request(repository, [], title=title, text=text, actor=actor)
    else:
        opened = open_discussion(repository, title=title, text=text, actor=actor)
    url = request.build_absolute_uri(opened.get_absolute_url())
    return answer({"num": opened.number, "url": url, "pullRequest": opened.is_pull_request})


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
        rows = rows.filter(status__in=STANDING if status == "open" else OVER)
    if author := request.GET.get("author"):
        rows = rows.filter(author__username__iexact=author)
    return rows if kind == "all" else rows.filter(is_pull_request=kind == "pull_request")
