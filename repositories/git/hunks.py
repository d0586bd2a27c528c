"""The lines of a patch, with their numbers, and the words that changed in them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from foundation.words import Parts, Words

LONGEST_LINE = 2_000  # characters
_HEADER = re.compile(r"@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@")


@dataclass(frozen=True)
class Line:
    """`kind` is "+", "-" or " "; numbers count from 1; `ended` is False for a last line without a line end.

    `parts` is the text with the words that changed apart, () where that tells nothing.
    """

    kind: str
    old: int | None
    new: int | None
    text: str
    ended: bool = True
    parts: Parts = ()


@dataclass(frozen=True)
class Hunk:
    header: str
    lines: list[Line]


def read_hunks(patch: str, most_lines: int) -> Iterator[Hunk]:
    """The hunks of `patch`, the text of a patch of one file, with `most_lines` lines at the most; long ones are cut."""
    hunk: Hunk | None = None
    old = new = 0
    # Only "\n" ends a line: other characters that split lines are content.
    for text in patch.split("\n"):
        if header := _HEADER.match(text):
            if hunk is not None:
                yield hunk
            hunk, old, new = Hunk(text, []), int(header[1]), int(header[2])
        elif hunk is None or not text:
            continue
        elif text[0] == "\\":
            hunk.lines[-1] = replace(hunk.lines[-1], ended=False)
        elif not most_lines:
            break
        else:
            kind, content = text[0], text[1:]
            shown = content if len(content) <= LONGEST_LINE else f"{content[:LONGEST_LINE]}…"
            hunk.lines.append(Line(kind, old if kind != "+" else None, new if kind != "-" else None, shown))
            old, new, most_lines = old + (kind != "+"), new + (kind != "-"), most_lines - 1
    if hunk is not None:
        yield hunk


def mark_words(hunk: Hunk, words: Words) -> Hunk:
    """The same with what changed inside its lines: where as many lines came as went, each is compared with its own."""
    blocks = [list(block) for _kind, block in groupby(hunk.lines, key=lambda line: line.kind)]
    for number, (gone, added) in enumerate(pairwise(blocks)):
        if (gone[0].kind, added[0].kind) == ("-", "+") and len(gone) == len(added):
            pairs = [words.compare(old.text, new.text) for old, new in zip(gone, added, strict=True)]
            blocks[number] = [_with(line, parts) for line, (parts, _new) in zip(gone, pairs, strict=True)]
            blocks[number + 1] = [_with(line, parts) for line, (_old, parts) in zip(added, pairs, strict=True)]
    return replace(hunk, lines=[line for block in blocks for line in block])


def _with(line: Line, parts: Parts) -> Line:
    return replace(line, parts=parts) if any(not changed and text.strip() for changed, text in parts) else line
