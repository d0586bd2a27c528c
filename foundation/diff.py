"""What changed between two texts, line by line and word by word."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from foundation.words import Parts, Words

# Unchanged lines shown around a change.
CONTEXT = 2
# Comparing costs more than proportionally: a longer text is compared up to here, and said so.
MOST_LINES = 2_000


@dataclass(frozen=True)
class Line:
    """One line: "same", "gone", "new", or "gap" for unchanged lines left out; its parts are (changed, text)."""

    kind: str
    parts: Parts = ()


def compare(before: str, after: str) -> list[Line]:
    """The changed lines between two texts with some unchanged ones around; [] when they are equal."""
    if before == after:
        return []
    old, new = before.splitlines()[:MOST_LINES], after.splitlines()[:MOST_LINES]
    lines: list[Line] = []
    words = Words()
    for group in SequenceMatcher(None, old, new).get_grouped_opcodes(CONTEXT):
        if group[0][1] > 0:
            lines.append(Line("gap"))
        for kind, a, b, c, d in group:
            lines += _lines(kind, old[a:b], new[c:d], words)
    return lines


def _lines(kind: str, old: list[str], new: list[str], words: Words) -> Iterator[Line]:
    if kind == "equal":
        yield from (Line("same", ((False, text),)) for text in old)
    elif kind == "replace" and len(old) == len(new):
        pairs = [words.compare(one, other) for one, other in zip(old, new, strict=True)]
        yield from (Line("gone", gone) for gone, _new in pairs)
        yield from (Line("new", added) for _gone, added in pairs)
    else:
        yield from (Line("gone", ((True, text),)) for text in old)
        yield from (Line("new", ((True, text),)) for text in new)
