"""Comparing two lines word by word."""

import re
from difflib import SequenceMatcher
from itertools import pairwise

# Longer lines are not compared.
LONGEST_LINE = 1_000
# Words are compared until so many pairs of them were looked at: no text may hold up the page that shows it.
MOST_PAIRS = 1_000_000
# Two lines less alike than this are two lines, not one with changed words.
ALIKE = 0.5
# Words where a script has spaces between them, single characters elsewhere.
_TOKENS = re.compile(r"\s+|[0-9A-Za-z_\u00c0-\u052f]+|.", re.DOTALL)

# A line in parts: whether it changed, and its text.
Parts = tuple[tuple[bool, str], ...]


class Words:
    """Compares lines word by word, for all lines of one comparison together up to MOST_PAIRS."""

    def __init__(self) -> None:
        self._left = MOST_PAIRS

    def compare(self, old: str, new: str) -> tuple[Parts, Parts]:
        """Both lines in parts; as one changed part each when they are too long, too many or too little alike."""
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
