"""Finding the words of a report in words that others will read: pure functions (C2)."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

# Whoever writes so many characters as somebody else did, quotes them; a shorter report is looked for as a whole.
LONGEST_BY_CHANCE = 30
HALF = LONGEST_BY_CHANCE // 2
# What is shorter says nothing of its own: "This is spam."
SHORTEST = 15
_BETWEEN = re.compile(r"[\W_]+")


def plain(text: str) -> str:
    """`text` without case, marks and the difference between spaces, as it is compared."""
    return _BETWEEN.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def quoted(text: str, reports: Iterable[str], known: Sequence[str] = ()) -> str:
    """The first passage of `reports` that stands in `text`, as it is compared; "" where none does.

    What is `known` to whoever reads `text` anyway, such as their own words, is nobody's secret.
    """
    words = plain(text)
    passages, halves = _passages(words, LONGEST_BY_CHANCE), _passages(words, HALF)
    common = [plain(one) for one in known]
    for report in reports:
        said = plain(report)
        if len(said) < LONGEST_BY_CHANCE:
            if len(said) >= SHORTEST and said in words and not any(said in one for one in common):
                return said
            continue
        # Whoever repeats a passage repeats a half of one that begins at a multiple of that: most reports end here.
        if not any(said[start : start + HALF] in halves for start in range(0, len(said), HALF)):
            continue
        for passage in sorted(passages & _passages(said, LONGEST_BY_CHANCE)):
            if not _is_known(passage, common):
                return passage.strip()
    return ""


def _is_known(passage: str, common: Sequence[str]) -> bool:
    """Whether half of it stands in what is known: the rest may be the words around a quotation of that."""
    return any(part in one for part in (passage[:HALF], passage[HALF:]) for one in common)


def _passages(text: str, length: int) -> set[str]:
    return {text[start : start + length] for start in range(len(text) - length + 1)}
