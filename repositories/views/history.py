"""The history of a repository, of one file or folder in it, and single commits with what they changed (A1)."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse

from repositories import git
from repositories.access import Access
from repositories.authors import called_now
from repositories.file_pages import commit_asked, no_such_commit, page_of_files
from repositories.holding import without_card
from repositories.models import Repository
from repositories.pages import render_page

COMMITS = 50
# Of the files that a commit changed.
MOST_FILES = 100


@page_of_files("history")
def history(request: HttpRequest, repository: Repository, found: Access) -> HttpResponse:
    """Commits, newest first, those that changed `path` when the address names one.

    Later pages are counted from the head that the first one began with, `start`: beginning with the last commit seen
    would lose the other side of every merge, and counting from the present head would repeat commits.
    """
    path, skip = request.GET.get("path", ""), _number(request.GET.get("skip", "0"))
    start = commit_asked(request, repository, "start") or repository.head
    commits = git.history(repository, COMMITS + 1, start, skip=skip, path=path)
    following = ""
    if len(commits) > COMMITS:
        following = urlencode({"start": start, "skip": skip + COMMITS} | ({"path": path} if path else {}))
    context = {"tab": "history", "commits": called_now(commits[:COMMITS]), "following": following, "path": path}
    return render_page(request, "repositories/history.html", repository, found, context)


def _number(text: str) -> int:
    """How many commits to leave out; an address that says nonsense begins at the beginning."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 7 else 0


@page_of_files("history")
def show_commit(request: HttpRequest, repository: Repository, found: Access, oid: str) -> HttpResponse:
    """One commit with its message and what it changed; of a merge what it brought into main."""
    commit = git.find_commit(repository, oid) if git.in_history(repository, oid) else None
    if commit is None:
        raise no_such_commit(repository, oid)
    before = commit.parents[0] if commit.parents else ""
    (commit,) = called_now([commit])
    comparison = without_card(git.diff(repository, before, oid, most_files=MOST_FILES), found)
    context = {"tab": "history", "commit": commit, "comparison": comparison}
    return render_page(request, "repositories/commit.html", repository, found, context)
