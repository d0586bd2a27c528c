"""What everybody may read of a comment, computed from its versions and hidings (B2, B5).

Nobody else writes Comment.text and Comment.hidden. Passages that quote a hidden comment of the same discussion, in any
of its versions, are left out of the comments that quote it, and come back when it is shown again.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from itertools import groupby

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, TextField, Value, When

from accounts.resets import names_now
from community.models import Comment, CommentVersion, Discussion, Hiding
from foundation.clock import Now
from foundation.compiled import Compiled
from foundation.markdown import NAME
from repositories.models import long_columns

# A quotation may stand in an item of a list. The same for Python and PostgreSQL.
_QUOTING = r"(^|\n)\s*(([-*+]|[0-9]{1,9}[.)])\s+)*>"
_QUOTED = re.compile(r"\s*(([-*+]|[0-9]{1,9}[.)])\s+)*>")
OMITTED = "> […]"
# Letters that a quotation and a hidden line share at least; less, such as "thank you", could be anybody's.
SHORTEST_PART = 9


@dataclass(frozen=True)
class HiddenWords:
    """The lines of hidden comments, as `plain` letters."""

    lines: frozenset[str]

    def __bool__(self) -> bool:
        return bool(self.lines)

    def hold(self, line: str) -> bool:
        """Whether the quoted `line` is one of them, a part of one, or holds a whole one."""
        said = plain(line)
        return said in self.lines or (len(said) >= SHORTEST_PART and (said in self._text or self._are_in(said)))

    @cached_property
    def _text(self) -> str:
        return "\n".join(self.lines)

    @cached_property
    def _by_beginning(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for line in self.lines:
            if len(line) >= SHORTEST_PART:
                found.setdefault(line[:SHORTEST_PART], []).append(line)
        return found

    def _are_in(self, said: str) -> bool:
        """Looked up by their beginnings: long comments have thousands of lines."""
        return any(
            said.startswith(line, at)
            for at in range(len(said) - SHORTEST_PART + 1)
            for line in self._by_beginning.get(said[at : at + SHORTEST_PART], ())
        )


@dataclass
class _Piece:
    """A line as it is shown, and the lines as they were written that it stands for."""

    shown: str
    written: list[str]


def latest_text() -> Subquery:
    """The words of a comment as last written, hidden or not: for the team and its evidence."""
    versions = CommentVersion.objects.filter(comment=OuterRef("pk")).order_by("-number")
    return Subquery(versions.values("text")[:1])


def held() -> Exists:
    """Whether a hold of the team stands on a comment, until it has looked."""
    standing = Q(ends_at=None) | Q(ends_at__gt=Now())
    return Exists(Hiding.objects.filter(standing, comment=OuterRef("pk"), side=Hiding.Side.HOLD, lifted_at=None))


def unheld_text() -> Case:
    """The same, and "" while the team holds it: then its words are with its own case alone (C9)."""
    return Case(When(held(), then=Value("")), default=latest_text(), output_field=TextField())


def written(comment: Comment) -> str:
    """The words of `comment` as last written, hidden or not: for the team and its evidence.

    No query where they were read along with it, as `last_words`.
    """
    if (along := comment.__dict__.get("last_words")) is not None:
        return str(along)
    text: str = _last_words(comment.pk)[0]
    return text


@Compiled
def _last_words(comment: int) -> QuerySet[CommentVersion, str]:
    return CommentVersion.objects.filter(comment=comment).order_by("-number").values_list("text", flat=True)[:1]


def readable(comment: Comment, version: str) -> str:
    """What everybody may read now of `version`, words of `comment` at some time: "" while it is hidden."""
    if comment.hidden:
        return ""
    words = hidden_words(comment.discussion_id, version, besides=comment.pk)
    return without_replaced_names(without_quotes(version, words))


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
    # Shown ones that quote something: what is hidden itself shows nothing anyway.
    others = Comment.objects.filter(discussion=comment.discussion_id, hidden=False).exclude(pk=comment.pk)
    quoting = list(others.annotate(last_words=latest_text()).filter(last_words__regex=_QUOTING))
    names = replaced_in(written(one) for one in quoting)
    _store(quoting, [without_replaced_names(without_quotes(written(one), words), names) for one in quoting])


def show_again(comments: Sequence[Comment]) -> list[Comment]:
    """What `project` does for many that somebody stopped hiding; returns those that nothing hides any more.

    The caller holds their discussions locked. Seven statements, and one for each discussion in which they are quoted.
    """
    hidden = Hiding.objects.filter(comment__in=comments, lifted_at=None).values_list("comment", flat=True)
    still = set(hidden)
    shown = [one for one in comments if one.hidden and one.pk not in still]
    if not shown:
        return []
    keys = {one.pk for one in shown}
    Comment.objects.filter(pk__in=keys).update(hidden=False)
    others = Comment.objects.filter(discussion__in={one.discussion_id for one in shown}, hidden=False)
    quoting = others.annotate(last_words=latest_text()).filter(last_words__regex=_QUOTING).values_list("pk", flat=True)
    project_again(keys | set(quoting))
    return shown


def project_again(keys: Collection[int]) -> int:
    """Compute what the comments with these ids show, whose discussions the caller holds locked; how many changed.

    Three queries, and one for each discussion in which one of them quotes something.
    """
    rows = Comment.objects.filter(pk__in=keys, hidden=False).annotate(last_words=latest_text())
    shown = list(rows.order_by("discussion_id", "pk"))
    names, texts = replaced_in(written(one) for one in shown), []
    for discussion, found in groupby(shown, key=lambda one: one.discussion_id):
        versions = [written(one) for one in found]
        words = hidden_words(discussion, "\n".join(versions))
        texts += [without_replaced_names(without_quotes(version, words), names) for version in versions]
    return _store(shown, texts)


def _store(rows: Iterable[Comment], texts: Iterable[str]) -> int:
    changed = []
    for row, text in zip(rows, texts, strict=True):
        if text != row.text:
            row.text = text
            changed.append(row)
    Comment.objects.bulk_update(changed, ["text"], batch_size=500)
    return len(changed)


def replaced_in(texts: Iterable[str]) -> dict[str, str]:
    """Of the @names in `texts` those that the team replaced or made, in lower case: what their holders are called now.

    One query, none where nobody is called.
    """
    return names_now({found[1].lower() for text in texts for found in NAME.finditer(text)})


def without_replaced_names(text: str, names: Mapping[str, str] | None = None) -> str:
    """`text` where each @name that the team replaced is what its holder is called now; no query without such names.

    `names`, as `replaced_in` finds them, where they are at hand.
    """
    known = replaced_in([text]) if names is None else names
    return NAME.sub(lambda found: f"@{known.get(found[1].lower(), found[1])}", text) if known else text


def hidden_words(discussion_id: int, text: str, *, besides: int | None = None) -> HiddenWords:
    """The words of hidden comments of a discussion; none, and no query, for a `text` that quotes nothing.

    `besides` is the id of the comment whose words they are: while it is being shown again its row is hidden still.
    """
    if not re.search(_QUOTING, text):
        return HiddenWords(frozenset())
    return hidden_words_of(discussion_id, besides=besides)


def hidden_words_of(discussion_id: int, *, besides: int | None = None) -> HiddenWords:
    """The words of all other hidden comments of a discussion, those they were edited from included; one query."""
    hidden = CommentVersion.objects.filter(comment__discussion=discussion_id, comment__hidden=True)
    return words_of(hidden.exclude(comment=besides).values_list("text", flat=True))


def words_of(texts: Iterable[str]) -> HiddenWords:
    """`texts` as one compares them, line by line."""
    return HiddenWords(frozenset(found for text in texts for line in text.split("\n") if (found := plain(line))))


def plain(text: str) -> str:
    """Letters and digits alone: the same with the marks of Markdown and without."""
    return "".join(one for one in text if one.isalnum()).casefold()


def without_quotes(text: str, hidden: HiddenWords) -> str:
    """`text` with one "[…]" in the place of quoted lines that `hidden` words hold.

    A line that follows a quoted one without a mark belongs to the quotation, as Markdown reads it: where it is one of
    the hidden lines it goes too.
    """
    return "\n".join(piece.shown for piece in _pieces(text, hidden)) if hidden else text


def restored(text: str, before: str, hidden: HiddenWords) -> str:
    """`text`, which somebody made of what is shown of `before`, with what was left out put back where it stood.

    So an author who edits around a quotation that they cannot read loses nothing of it.
    """
    pieces, lines = _pieces(before, hidden), text.split("\n")
    kept = [[line] for line in lines]
    for old, new, size in SequenceMatcher(None, [one.shown for one in pieces], lines, False).get_matching_blocks():
        for step in range(size):
            kept[new + step] = pieces[old + step].written
    return "\n".join(line for written_lines in kept for line in written_lines)


def _pieces(text: str, hidden: HiddenWords) -> list[_Piece]:
    pieces: list[_Piece] = []
    quoting = False
    for line in text.split("\n"):
        quoted = bool(_QUOTED.match(line))
        if hidden.hold(line) if quoted else quoting and plain(line) in hidden.lines:
            _leave_out(line, pieces)
        else:
            pieces.append(_Piece(line, [line]))
        quoting = quoted or (quoting and bool(line.strip()))
    return pieces


def _leave_out(line: str, pieces: list[_Piece]) -> None:
    """Let `line` go, with the empty quoted lines between it and what was left out before."""
    end = len(pieces)
    while end and _QUOTED.match(pieces[end - 1].shown) and not plain(pieces[end - 1].shown):
        end -= 1
        if pieces[end].shown == OMITTED:
            between = [one for piece in pieces[end:] for one in piece.written]
            pieces[end:] = [_Piece(OMITTED, [*between, line])]
            return
    pieces.append(_Piece(OMITTED, [line]))


def lock(discussion: Discussion) -> Discussion:
    """The row of `discussion`, locked until the end of the transaction: whoever adds to its timeline holds it.

    Locked first and read then: a row that was waited for brings its repository as it was before the wait.
    """
    Discussion.objects.select_for_update(no_key=True).values_list("pk").get(pk=discussion.pk)
    rows = Discussion.objects.select_related("repository__namespace").defer(*long_columns("repository"))
    return rows.get(pk=discussion.pk)
