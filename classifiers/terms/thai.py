"""Where words begin and end in Thai, which writes them without spaces: by a dictionary, and never inside a cluster."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Any

import ahocorasick

# Of a long stretch so many characters on each side of a word are parted, and up to twice as many.
STRIDE = 40
_FIRST, _LAST = "\u0e00", "\u0e7f"
# Vowels and signs that belong to the letter before them, and vowels that belong to the one behind.
_BEHIND = frozenset("\u0e30\u0e31\u0e32\u0e33\u0e34\u0e35\u0e36\u0e37\u0e38\u0e39\u0e3a\u0e45\u0e46") | frozenset(
    map(chr, range(0x0E47, 0x0E4F))
)
_BEFORE = frozenset("\u0e40\u0e41\u0e42\u0e43\u0e44")
_STRETCH = re.compile(f"[{_FIRST}-{_LAST}]+")
# Each character that the next one is of one cluster with.
_INSIDE = re.compile(f"[{''.join(_BEFORE)}](?=.)|.(?=[{''.join(_BEHIND)}])")
# What a character costs that no word covers, against 1 for a word: rather many words than an unknown piece.
_UNKNOWN = 100

_Costs = list[int]


def is_thai(character: str) -> bool:
    return _FIRST <= character <= _LAST


def breaks(text: str, place: int) -> bool:
    """Whether a word may end before `place`: not between the letters and signs of one cluster."""
    if place in (0, len(text)):
        return True
    return text[place] not in _BEHIND and text[place - 1] not in _BEFORE


class Runs:
    """The stretches of Thai in a text, each parted into words when first asked for."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._stretches: list[tuple[int, int]] | None = None
        self._words: dict[tuple[int, int], list[tuple[int, int]]] = {}
        self._known: dict[tuple[int, int], tuple[_Costs, _Costs]] = {}

    def stands_alone(self, start: int, end: int) -> bool:
        """Whether `start` to `end` of the text, itself a word, is one where it stands: กา is none in กาแฟ (coffee).

        Where taking the longest word each time parts the stretch up to there without a rest, it is if it is one of
        these, and is not inside of one. Else it is if no way into fewest words is better than one with it.
        """
        if not (breaks(self._text, start) and breaks(self._text, end)):
            return False
        stretch = self._around(start, end)
        if (word := self._longest(stretch, start)) and word[1] >= end:
            return word == (start, end)
        first, last = self._piece(stretch, start, end)
        if (first, last) not in self._known:
            self._known[first, last] = _costs(self._text[first:last])
        before, behind = self._known[first, last]
        return before[start - first] + 1 + behind[end - first] <= behind[0]

    def _around(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of Thai that `start` to `end` lies in; a term of several words is one of its own."""
        stretches = self._all()
        at = bisect_right(stretches, (start, len(self._text))) - 1
        return stretches[at] if at >= 0 and end <= stretches[at][1] else (start, end)

    def _all(self) -> list[tuple[int, int]]:
        if self._stretches is None:
            self._stretches = [found.span() for found in _STRETCH.finditer(self._text)]
        return self._stretches

    def _longest(self, stretch: tuple[int, int], place: int) -> tuple[int, int] | None:
        """The word that `place` is in when the longest is taken each time; None behind what belongs to no word."""
        if stretch not in self._words:
            self._words[stretch] = list(_longest_words(self._text, *stretch))
        words = self._words[stretch]
        at = bisect_right(words, (place, len(self._text))) - 1
        return words[at] if at >= 0 and place < words[at][1] else None

    def _piece(self, stretch: tuple[int, int], start: int, end: int) -> tuple[int, int]:
        """Of a long stretch the piece around, the same for all words close by, between clusters."""
        first = max(stretch[0], start - start % STRIDE - STRIDE)
        last = min(stretch[1], end - end % STRIDE + 2 * STRIDE)
        while not breaks(self._text, first):
            first += 1
        while not breaks(self._text, last):
            last -= 1
        return first, last


def _longest_words(text: str, first: int, last: int) -> Iterator[tuple[int, int]]:
    done = first
    for at, size in _dictionary().iter_long(text, first, last):
        start, end = at + 1 - size, at + 1
        if start != done or not breaks(text, end):
            return
        yield start, end
        done = end


def _costs(run: str) -> tuple[_Costs, _Costs]:
    """What it costs at least to part `run` up to each place, and from each place on."""
    length = len(run)
    inside = {found.start() + 1 for found in _INSIDE.finditer(run)}
    words: list[tuple[int, int]] = []  # in the order of their ends
    before, behind = [0] * (length + 1), [0] * (length + 1)
    found = _dictionary().iter(run)
    last, size = next(found, (length, 0))
    for end in range(1, length + 1):
        best = before[end - 1] + _UNKNOWN
        while last < end:
            start = end - size
            if end not in inside and start not in inside:
                words.append((start, end))
                if before[start] < best:
                    best = before[start] + 1
            last, size = next(found, (length, 0))
        before[end] = best
    place = length
    for start, end in sorted(words, reverse=True):
        while place > start:
            place -= 1
            behind[place] = behind[place + 1] + _UNKNOWN
        if behind[end] < behind[start]:
            behind[start] = behind[end] + 1
    while place:
        place -= 1
        behind[place] = behind[place + 1] + _UNKNOWN
    return before, behind


@cache
def _dictionary() -> Any:
    """The 62,000 words of PyThaiNLP's list (CC0), which come with the package newmm-tokenizer: read once, 10 MB."""
    automaton = ahocorasick.Automaton()
    for line in files("newmm_tokenizer").joinpath("words_th.txt").read_text(encoding="utf-8").splitlines():
        if _STRETCH.fullmatch(word := line.strip()):
            automaton.add_word(word, len(word))
    automaton.make_automaton()
    return automaton
