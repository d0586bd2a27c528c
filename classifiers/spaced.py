"""Words whose letters were written apart, so that filters do not read them: k i l l, k.i.l.l, k-i-l-l.

What ordinary writing puts apart stays: initials, formulas, the alphabet, up to three letters of Latin.
"""

import re
from itertools import pairwise

from classifiers.lookalikes import UNSEEN

LETTERS = 4  # of Latin, Greek and Cyrillic; three are "a b c", "e.g." and initials
CLUSTERS = 3  # of Thai, where nobody writes single ones
# With dots three Thai ones are an abbreviation: พ.ร.บ.
DOTTED_CLUSTERS = 4

_LETTER = "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u0391-\u03a9\u03b1-\u03c9\u0400-\u045f"
# A leading vowel, a consonant, what stands above, below and behind it; or one of these alone.
_MARKS = r"\u0e30-\u0e3a\u0e45\u0e47-\u0e4e"
_CLUSTER = rf"(?:[\u0e40-\u0e44]?[\u0e01-\u0e2e][{_MARKS}]*|[\u0e40-\u0e44]|[{_MARKS}]+)"
# The same between all letters. With spaces around them dots belong to initials, commas and signs to formulas.
_SPACED_SIGNS = r"*_~\-\u00b7\u2022"
_SIGNS = _SPACED_SIGNS + "/+,"
_MARK = rf"[ \u00a0]{{1,2}}|\.{{1,3}}|[{_SIGNS}]{{1,3}}| [{_SPACED_SIGNS}]{{1,3}} "
_APART = f"([{UNSEEN}]*(?:{_MARK})[{UNSEEN}]*)"
_LATIN = re.compile(
    rf"(?<![^\W_]|['\u2019])[{_LETTER}]{_APART}[{_LETTER}](?:\1[{_LETTER}]){{{LETTERS - 2},}}(?![^\W_]|['\u2019][^\W_])"
)
_THAI = re.compile(
    rf"(?<![\u0e00-\u0e7f]){_CLUSTER}{_APART}{_CLUSTER}(?:\1{_CLUSTER}){{{CLUSTERS - 2},}}(?![\u0e00-\u0e7f])"
)
_SIGN = re.compile(rf"[.{_SIGNS}]")
_LETTERS_OF = re.compile(rf"[{_LETTER}]")
_CLUSTERS_OF = re.compile(_CLUSTER)
_VOWELS = frozenset("aeiouy")
# Names of numbers and of the sides of a tensor: "for w x y z in".
_VARIABLES = frozenset("uvwxyz")


def separators(text: str) -> list[tuple[int, int]]:
    """The stretches of `text`, in order, that only keep the letters of a word apart. Takes any string."""
    gaps: list[tuple[int, int]] = []
    for found in _LATIN.finditer(text):
        units = list(_LETTERS_OF.finditer(text, found.start(), found.end()))
        if not _SIGN.search(found[1]):
            units = units[_own_word([one[0] for one in units]) :]
        if _is_word([_small(one[0]) for one in units]):
            gaps += _between(units)
    for found in () if text.isascii() else _THAI.finditer(text):
        units = list(_CLUSTERS_OF.finditer(text, found.start(), found.end()))
        if _is_thai_word([one[0] for one in units], found[1]):
            gaps += _between(units)
    return sorted(gaps)


def _between(units: list[re.Match[str]]) -> list[tuple[int, int]]:
    return [(before.end(), after.start()) for before, after in pairwise(units)]


def _own_word(letters: list[str]) -> int:
    """How many of the first letters are words of their own: I in "I k i l l", a in "a f u c k e r"."""
    rest = letters[1:]
    if len(rest) < LETTERS:
        return 0
    if letters[0] == "I" and all(one.islower() for one in rest):
        return 1
    return int(letters[0] == "a" and rest[0] != rest[1] and rest[0] not in _VOWELS)


def _is_word(letters: list[str]) -> bool:
    if set(letters) <= _VARIABLES or _is_alphabet(letters) or len(set(letters)) < 2:
        return False
    # What Latin letters say without a vowel are formulas: "b h w c".
    return not all(one.isascii() for one in letters) or not _VOWELS.isdisjoint(letters)


def _is_thai_word(clusters: list[str], apart: str) -> bool:
    least = DOTTED_CLUSTERS if "." in apart else CLUSTERS
    return len(clusters) >= least and clusters != sorted(clusters)


def _small(letter: str) -> str:
    """One character, where lower() makes two of one: "i" of İ."""
    return letter.lower()[0]


def _is_alphabet(letters: list[str]) -> bool:
    """Whether they follow one another as in the alphabet: a b c d."""
    return all(ord(after) - ord(before) in (0, 1) for before, after in pairwise(letters))
