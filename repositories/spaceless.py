"""Scripts without spaces between words, which full text cannot cut: Thai, Lao, Burmese, Khmer, Japanese, Chinese."""

import re

_RANGES = (
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f\ua9e0-\ua9ff\uaa60-\uaa7f"  # Burmese
    "\u1780-\u17ff\u19e0-\u19ff"  # Khmer
    "\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9f"  # Japanese
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f"  # Chinese
)
_RUN = re.compile(f"[{_RANGES}]+")
# How much of a card's body is kept for substrings, in characters.
LONGEST = 10_000


def runs(text: str) -> list[str]:
    """The parts of `text` in these scripts."""
    return _RUN.findall(text)


def kept(body: str) -> str:
    """Those of a card's body, each in a line of its own, the first LONGEST characters."""
    return "\n".join(runs(body))[:LONGEST]


def pairs(text: str) -> set[str]:
    """Every two neighbouring characters of these scripts in `text`, and the last one of each part.

    Words of one or two characters have no trigram; any pair that begins with one character finds that one.
    """
    return {part[at : at + 2] for part in runs(text) for at in range(len(part))}
