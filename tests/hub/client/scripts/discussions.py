"""The community tab as people and bots of every standing use it (checks 19 to 26)."""

import warnings
from typing import Any

from huggingface_hub import HfApi

from tests.hub.client.scripts.common import ARGUMENTS, attempt, say

warnings.simplefilter("ignore")  # that hiding is for ever
owner, stranger, banned, deactivated = (HfApi(token=one) for one in ARGUMENTS["people"])
name, many, locked = (ARGUMENTS[key] for key in ("name", "many", "locked"))


def listed(**filters: Any) -> list[int]:
    return [one.num for one in stranger.get_repo_discussions(many, **filters)]


def events(number: int) -> list[list[str]]:
    return [[one.type, one.author] for one in stranger.get_discussion_details(name, number).events]


def upload(api: HfApi, repository: str, **options: Any) -> str:
    done = api.upload_file(path_or_fileobj=b"Mine.", path_in_repo="a.txt", repo_id=repository, **options)
    return str(done.oid)


def refused(api: HfApi, own: dict[str, Any]) -> dict[str, Any]:
    """What `api` is told when it posts in each way, and what it may do all the same."""
    number, key = own["number"], own["comment"]
    return {
        "posts": [
            attempt(api.comment_discussion, name, number, "Me again"),
            attempt(api.create_discussion, name, "Me again"),
            attempt(api.create_pull_request, name, "Me again"),
            attempt(upload, api, name, create_pr=True),
            attempt(api.rename_discussion, name, number, "Me again"),
            attempt(api.edit_discussion_comment, name, number, key, "Me again"),
            attempt(api.change_discussion_status, name, number, "closed"),
            attempt(api.change_discussion_status, name, own["draft"], "open"),
        ],
        "reads": [api.get_discussion_details(name, number).num, next(api.get_repo_discussions(many)).num],
        "own": attempt(upload, api, own["repository"]),
    }


opened = stranger.create_discussion(name, "A question", description="Does it work?")
number = opened.num
renamed = stranger.rename_discussion(name, number, "Another question")
comment = stranger.comment_discussion(name, number, "It does, secretly.")
edited = stranger.edit_discussion_comment(name, number, comment.id, "It does, in secret.")
hidden = owner.hide_discussion_comment(name, number, comment.id.upper())
closed = owner.change_discussion_status(name, number, "closed", comment="Thank you.")
details = stranger.get_discussion_details(name, number)
say(
    all=listed(),
    open=len(listed(discussion_status="open")),
    closed=listed(discussion_status="closed"),
    proposed=listed(discussion_type="pull_request"),
    by_author=len(listed(author="IRIS", discussion_type="discussion")),
    report=events(ARGUMENTS["report"]),
    renamed=[renamed.old_title, renamed.new_title, details.title],
    refused_rename=attempt(banned.rename_discussion, name, number, "Mine now"),
    edited=[edited.content, edited.edited, edited.number_of_edits],
    hidden=[hidden.content, hidden.hidden, hidden.edit_history, hidden.rendered],
    left="secret" in str(details),
    closed_by=[closed.new_status, closed.author, closed in details.events],
    timeline=events(number),
    locked=attempt(stranger.comment_discussion, name, locked, "And me."),
    banned=refused(banned, ARGUMENTS["banned"]),
    deactivated=refused(deactivated, ARGUMENTS["deactivated"]),
)
