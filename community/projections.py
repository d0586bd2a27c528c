"""What everybody may read of a comment, computed from its versions and hidings (B2, B5).

Nobody else writes Comment.text and Comment.hidden. Passages that quote a hidden comment of the same discussion, in any
of its versions, are left out of the comments that quote it, and come back when it is shown again.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery

from community.models import Comment, CommentVersion, Discussion, Hiding

_QUOTED = re.compile(r"[ \t]*>")
_MARKS = re.compile(r"^[ \t>]+")
_QUOTING = r"(^|\n)[ \t]*>"
OMITTED = "> […]"
# A part of a line is a quotation from this length on; a shorter one, such as "thank you", could be anybody's.
SHORTEST_PART = 8


@dataclass(frozen=True)
class HiddenWords:
    """What hidden comments say: their lines as one compares them, and all of them in one text."""

    lines: frozenset[str]
    text: str

    def __bool__(self) -> bool:
        return bool(self.lines)

    def hold(self, line: str) -> bool:
        """Whether the quoted `line` is a line of theirs, or a longer part of one."""
        said = _compared(line)
        part = said.strip(" .…[]")
        return said in self.lines or (len(part) >= SHORTEST_PART and part in self.text)


def latest_text() -> Subquery:
    """The words of a comment as last written, hidden or not: for the team and its evidence."""
    versions = CommentVersion.objects.filter(comment=OuterRef("pk")).order_by("-number")
    return Subquery(versions.values("text")[:1])


def written(comment: Comment) -> str:
    """The words of `comment` as last written, hidden or not: for the team and its evidence."""
    text: str = comment.versions.order_by("-number").values_list("text", flat=True)[0]
    return text


def readable(comment: Comment, version: str) -> str:
    """What everybody may read now of `version`, words of `comment` at some time: "" while it is hidden."""
    return "" if comment.hidden else without_quotes(version, hidden_words(comment.discussion_id, version))


def project(comment: Comment) -> None:
    """Compute what `comment` shows, and what quotes it where that changed; the caller holds the discussion locked."""
    hidden = Hiding.objects.filter(comment=comment, lifted_at=None).exists()
    changed = hidden != comment.hidden
    comment.hidden = hidden
    comment.text = readable(comment, written(comment))
    comment.save(update_fields=["hidden", "text"])
    if changed:
        _project_quotes(comment)


def _project_quotes(comment: Comment) -> None:
    """Compute what the other comments of its discussion show that quote anything; three queries, however many."""
    words = hidden_words_of(comment.discussion_id)
    changed = []
    # Shown ones that quote something: what is hidden itself shows nothing anyway.
    others = Comment.objects.filter(discussion=comment.discussion_id, hidden=False).exclude(pk=comment.pk)
    for quoting in others.annotate(written=latest_text()).filter(written__regex=_QUOTING):
        text = without_quotes(quoting.written, words)
        if text != quoting.text:
            quoting.text = text
            changed.append(quoting)
    Comment.objects.bulk_update(changed, ["text"], batch_size=500)


def hidden_words(discussion_id: int, text: str) -> HiddenWords:
    """The words of hidden comments of a discussion; none, and no query, for a `text` that quotes nothing."""
    if not re.search(_QUOTING, text):
        return HiddenWords(frozenset(), "")
    return hidden_words_of(discussion_id)


def hidden_words_of(discussion_id: int) -> HiddenWords:
    """The words of all hidden comments of a discussion, those they were edited from included; one query."""
    hidden = CommentVersion.objects.filter(comment__discussion=discussion_id, comment__hidden=True)
    return words_of(hidden.values_list("text", flat=True))


def words_of(texts: Iterable[str]) -> HiddenWords:
    """`texts` as one compares them: lines without marks of quoting, spaces made one, in lower case; no empty ones."""
    lines = (_compared(line) for text in texts for line in text.split("\n"))
    found = frozenset(line for line in lines if line)
    return HiddenWords(found, "\n".join(found))


def without_quotes(text: str, hidden: HiddenWords) -> str:
    """`text` with one "[…]" in the place of quoted lines that `hidden` words hold.

    A line that follows a quoted one without a mark belongs to the quotation, as Markdown reads it: where it is one of
    the hidden lines it goes too.
    """
    if not hidden:
        return text
    kept: list[str] = []
    quoting = False
    for line in text.split("\n"):
        quoted = bool(_QUOTED.match(line))
        if hidden.hold(line) if quoted else quoting and _compared(line) in hidden.lines:
            if not kept or kept[-1] != OMITTED:
                kept.append(OMITTED)
        else:
            kept.append(line)
        quoting = quoted or (quoting and bool(line.strip()))
    return "\n".join(kept)


def _compared(line: str) -> str:
    return " ".join(_MARKS.sub("", line).split()).casefold()


def lock(discussion: Discussion) -> Discussion:
    """The row of `discussion`, locked until the end of the transaction: whoever adds to its timeline holds it."""
    return (
        Discussion.objects.select_for_update(of=("self",)).select_related("repository__namespace").get(pk=discussion.pk)
    )
