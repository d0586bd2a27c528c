"""Quoting a comment in an answer (B1)."""

from uuid import UUID

from community.models import Comment, Discussion
from community.projections import plain
from community.queries import comments_of


def quote(comment: Comment, words: str = "") -> str:
    """`comment`, whose author is loaded, as Markdown to answer it: its lines behind ">", and its author's name.

    With `words`, what somebody selected in the rendered comment, only the lines that hold something of it. Whole lines
    always: by them community.projections finds a quotation again when the comment is hidden. "" for a hidden one.
    """
    if comment.hidden:
        return ""
    lines = comment.text.split("\n")
    selected = [letters for line in words.split("\n") if (letters := plain(line))]
    chosen = [line for line in lines if _holds(plain(line), selected)] or lines
    quoted = "\n".join(f"> {line}".rstrip() for line in chosen)
    return f"{quoted}\n\n" if comment.author.is_system else f"{quoted}\n\n@{comment.author.username} "


def quote_by_id(discussion: Discussion, public_id: str) -> str:
    """The same for the comment of this id in `discussion`; "" where there is none."""
    try:
        comment = comments_of(discussion).filter(public_id=UUID(public_id)).first()
    except ValueError:
        return ""
    return quote(comment) if comment else ""


def _holds(line: str, selected: list[str]) -> bool:
    return bool(line) and any(line in one or one in line for one in selected)
