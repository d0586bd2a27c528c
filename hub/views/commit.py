"""Commits of a client: first what it will send, then the commit itself (A1, B1)."""

from contextlib import suppress
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpResponseBase

from accounts.models import User
from community.actions import LONGEST_COMMENT, LONGEST_TITLE
from community.models import Discussion
from community.posting import Way, refusal
from community.pull_requests import commit_to_pull_request, open_pull_request
from community.queries import find_discussion
from foundation.errors import RateLimited, Refused
from foundation.text import clean_text
from hub import errors, payload
from hub.errors import HubError
from hub.find import MAIN, commit_of, find, pull_request_number
from hub.payload import Sent
from hub.protocol import HubRequest, answer, endpoint, is_true, person, sent
from repositories import git
from repositories.access import Access
from repositories.actions import commit_changes
from repositories.addresses import Address
from repositories.models import Repository

# Files of one question; the client asks for 256 at a time.
MOST_ASKED = 1_000


@endpoint("POST")
def preupload(request: HubRequest, address: Address, revision: str) -> HttpResponseBase:
    """For each file how to send it, always with the commit, and git's id of what is there: the same is left out."""
    repository, found = find(request, address)
    # Newer clients wait here without a word for as long as a refusal says; at the commit they raise it.
    with suppress(RateLimited):
        _proposal(request, repository, found, revision)
    files = sent(request).get("files")
    if not isinstance(files, list) or not all(isinstance(file, dict) for file in files):
        raise HubError(400, "files is missing")
    if len(files) > MOST_ASKED:
        raise HubError(413, f"Ask for at most {MOST_ASKED} files at once")
    commit = commit_of(repository, revision, request.user, found)
    return answer({"files": [_mode(repository, found, commit, file) for file in files]})


@endpoint("POST")
def commit(request: HubRequest, address: Address, revision: str) -> HttpResponseBase:
    """A commit to main, to a pull request (refs/pr/N), or with `create_pr` as a new pull request."""
    repository, found = find(request, address)
    proposal, actor = _proposal(request, repository, found, revision), person(request)
    with git.incoming(repository) as box:
        said = payload.read(request, box)
    try:
        values = _commit(repository, proposal, commit_of(repository, revision, actor, found), said, actor=actor)
    except ValidationError as error:
        raise _explained(error) from error
    except Refused as refused:
        if refused.code != "stale":
            raise
        # The words of the protocol for a parent that is no more the head.
        raise HubError(412, str(refused)) from refused
    place = request.build_absolute_uri(repository.get_absolute_url())
    values["commitUrl"] = f"{place}/commit/{values['commitOid']}"
    if "number" in values:
        values["pullRequestUrl"] = f"{place}/discussions/{values.pop('number')}"
    return answer({"success": True, "hookOutput": "", **values})


def _proposal(request: HubRequest, repository: Repository, found: Access, revision: str) -> Discussion | bool:
    """What a commit goes to: a pull request, True for a new one, False for main.

    Raises HubError, and what community.posting refuses with, before any byte is read.
    """
    actor = person(request)
    if revision in MAIN and is_true(request.GET.get("create_pr", "")):
        if refused := refusal(actor, repository, Way.PULL_REQUEST, found=found):
            raise refused
        return True
    number = pull_request_number(revision)
    if revision not in MAIN and number is None:
        raise errors.revision_not_found(revision)
    discussion = find_discussion(repository, number, actor) if number is not None else None
    if not (found.edit or (discussion and discussion.author_id == actor.pk)):
        raise errors.not_writer()
    if discussion is None:
        return False
    if refused := refusal(actor, repository, Way.COMMIT, discussion=discussion, found=found):
        raise refused
    return discussion


def _mode(repository: Repository, found: Access, commit: str, file: dict[str, Any]) -> dict[str, Any]:
    path, size = file.get("path"), file.get("size")
    if not isinstance(path, str):
        raise HubError(400, "path is missing")
    if isinstance(size, int) and size > settings.LARGEST_FILE:
        raise HubError(413, f"{path[:200]}: one file has at most {settings.LARGEST_FILE} bytes")
    there = git.find_file(repository, path, commit) if commit and found.files else None
    # Of a large file git knows a pointer only; the client would compare its id with that of the content.
    known = {"oid": there.oid} if there and there.sha256 is None else {}
    # Newer clients send what is "lfs" to a service of its own.
    return {"path": path, "uploadMode": "regular", "shouldIgnore": False, **known}


def _commit(
    repository: Repository, proposal: Discussion | bool, head: str, said: Sent, *, actor: User
) -> dict[str, Any]:
    if proposal is True:
        opened = _open(repository, said, actor=actor)
        return {"commitOid": opened.pull_request.head, "number": opened.number}
    oid = "" if said.parent not in (None, head) else _unchanged(repository, head, said)
    if isinstance(proposal, Discussion):
        oid = oid or commit_to_pull_request(
            proposal, said.changes, actor=actor, message=said.message, parent=said.parent
        )
        return {"commitOid": oid, "number": proposal.number}
    oid = oid or commit_changes(repository, said.changes, actor=actor, message=said.message, parent=said.parent)
    return {"commitOid": oid}


def _open(repository: Repository, said: Sent, *, actor: User) -> Discussion:
    title = clean_text(" ".join(said.summary.split())[:LONGEST_TITLE], longest=LONGEST_TITLE)
    text = clean_text(said.description or said.summary, longest=LONGEST_COMMENT)
    if not (title and text):
        raise HubError(400, "The summary and the description of this commit say nothing")
    # What becomes the first comment stands there alone: a commit keeps its words when that comment is hidden (B2).
    return open_pull_request(
        repository, said.changes, title=title, text=text, actor=actor, message=title, parent=said.parent or ""
    )


def _unchanged(repository: Repository, head: str, said: Sent) -> str:
    """The head when everything that was sent is there already, as when an upload is done again; else ""."""
    there = {file.path: file.oid for file in git.list_files(repository, head, sizes=False)} if head else {}
    is_there = (isinstance(change, git.Put) and there.get(change.path) == change.oid for change in said.changes)
    return head if all(is_there) else ""


def _explained(error: ValidationError) -> HubError:
    # The client adds advice to these words.
    if isinstance(error, git.BadChange) and error.code == "missing":
        return HubError(404, f"A file with this name doesn't exist: {error.path}", code="EntryNotFound")
    return HubError(400, " ".join(error.messages))
