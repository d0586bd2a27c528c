"""What changed between a text as it was reported and as it is now."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

# Unchanged lines shown around a change.
CONTEXT = 2
# Comparing costs more than proportionally: a longer text is compared up to here, and said so.
MOST_LINES = 2_000
LONGEST_LINE = 1_000
# Word by word is compared until so many pairs of words were looked at: no edit may hold up the page of its case.
MOST_PAIRS = 1_000_000
# Two lines less alike than this are shown as two lines, not as one with changed words.
ALIKE = 0.5
# Words where a script has spaces between them, single characters elsewhere.
_TOKENS = re.compile(r"\s+|[0-9A-Za-z_\u00c0-\u052f]+|.", re.DOTALL)

Parts = tuple[tuple[bool, str], ...]


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
    words = _Words()
    for group in SequenceMatcher(None, old, new).get_grouped_opcodes(CONTEXT):
        if group[0][1] > 0:
            lines.append(Line("gap"))
        for kind, a, b, c, d in group:
            lines += _lines(kind, old[a:b], new[c:d], words)
    return lines


def _lines(kind: str, old: list[str], new: list[str], words: "_Words") -> Iterator[Line]:
    if kind == "equal":
        yield from (Line("same", ((False, text),)) for text in old)
    elif kind == "replace" and len(old) == len(new):
        pairs = [words.compare(one, other) for one, other in zip(old, new, strict=True)]
        yield from (Line("gone", gone) for gone, _new in pairs)
        yield from (Line("new", added) for _gone, added in pairs)
    else:
        yield from (Line("gone", ((True, text),)) for text in old)
        yield from (Line("new", ((True, text),)) for text in new)


class _Words:
    """Compares lines word by word, for all lines of one comparison together up to MOST_PAIRS."""

    def __init__(self) -> None:
        self._left = MOST_PAIRS

    def compare(self, old: str, new: str) -> tuple[Parts, Parts]:
        """Both lines in parts, those that differ marked."""
        whole = ((True, old),), ((True, new),)
        if max(len(old), len(new)) > LONGEST_LINE:
            return whole
        before, after = _TOKENS.findall(old), _TOKENS.findall(new)
        self._left -= len(before) * len(after)
        if self._left < 0:
            return whole
        matcher = SequenceMatcher(None, before, after, autojunk=False)
        if matcher.ratio() < ALIKE:
            return whole
        gone, added = [0], [0]
        for start, other, size in matcher.get_matching_blocks():
            gone += [start, start + size]
            added += [other, other + size]
        return _parts(before, gone), _parts(after, added)


def _parts(tokens: list[str], edges: list[int]) -> Parts:
    """`tokens` cut at `edges`: changed and unchanged by turns, beginning with a changed part."""
    cut = ["".join(tokens[a:b]) for a, b in pairwise(edges)]
    return tuple((position % 2 == 0, part) for position, part in enumerate(cut) if part)
