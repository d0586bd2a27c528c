"""One file: shown where that is safe and small enough, described where not (A1)."""

from pathlib import PurePosixPath
from typing import Any

from django.http import HttpRequest, HttpResponse

from repositories import git
from repositories.access import Access
from repositories.card import body_of
from repositories.file_pages import commit_asked, page_of_files, require_file, steps, text_of
from repositories.highlighting import highlight
from repositories.holding import require_card_shown
from repositories.models import Repository, Scan
from repositories.pages import render_page
from repositories.previews import has_preview
from repositories.tensors import read_tensors
from repositories.verdicts import sees_findings, sees_lists, verdict

LONGEST_SHOWN = 1_000_000  # bytes
LONGEST_RENDERED = 200_000
# More lines than that are shown without their numbers: each is an element of the page.
MOST_NUMBERED = 20_000


@page_of_files("files")
def show_file(request: HttpRequest, repository: Repository, found: Access, path: str) -> HttpResponse:
    """Markdown is rendered unless `source` is asked for, other text shown line by line, images in small."""
    require_card_shown(path, found)
    at = commit_asked(request, repository)
    file = require_file(repository, path, at)
    scan = Scan.objects.filter(repository=repository, oid=file.oid).first()
    context = {
        "tab": "files",
        "file": file,
        "at": at,
        "steps": steps(path),
        "verdict": verdict(scan, full=sees_findings(found, request.user), lists=sees_lists(request.user)),
        "is_card": path == "README.md",
        **_content(repository, file, source="source" in request.GET),
    }
    return render_page(request, "repositories/file.html", repository, found, context)


def _content(repository: Repository, file: git.File, *, source: bool) -> dict[str, Any]:
    """What there is to see: `rendered`, `lines`, `text` too long for numbers, `preview`, `tensors`, or nothing."""
    name = PurePosixPath(file.path.lower())
    if has_preview(file.path, file.size):
        return {"preview": True}
    if name.suffix == ".safetensors":
        with git.open_file(repository, file) as stream:
            return {"tensors": read_tensors(stream)}
    if file.size > LONGEST_SHOWN:
        return {"too_large": True}
    with git.open_file(repository, file) as stream:
        text = text_of(stream.read())
    if text is None:
        return {}
    markdown = name.suffix in (".md", ".markdown") and file.size <= LONGEST_RENDERED
    if markdown and not source:
        return {"markdown": True, "rendered": body_of(text)}
    if text.count("\n") > MOST_NUMBERED:
        return {"text": text}
    return {"markdown": markdown, "lines": highlight(text, file.path) if text else []}
