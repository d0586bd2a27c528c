"""Looking for ten thousand terms in one pass: an Aho-Corasick automaton, compiled once."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ahocorasick

from classifiers.languages import may_be
from classifiers.terms.boundaries import Words
from classifiers.terms.folding import Folded, fold_term, readings

# What lies behind is not looked at, as classifiers do not. Before it every find is: to look at one takes next to
# nothing however many there are, and after a limit on looks finds that do not count would hide others.
LONGEST_TEXT = 100_000


@dataclass(frozen=True, slots=True)
class Term:
    """What to look for, for which label, how much it says (above 0, to 1), in which words it does not count.

    `language` is ISO 639-1, "" for every text. Without `whole_word` it also counts inside of longer words.
    """

    text: str
    label: str
    weight: float = 0.5
    exceptions: tuple[str, ...] = ()
    language: str = ""
    whole_word: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """A term in a text, at the characters `start` to `end` as they were written."""

    term: Term
    start: int
    end: int


@dataclass(slots=True)
class _Entry:
    """What stands at one string of the automaton: terms, and terms that it is an exception of, by their place."""

    length: int
    terms: tuple[int, ...] = ()
    exception_of: tuple[int, ...] = ()


class Terms:
    """Compiled terms. Safe to use from several threads: nothing of it changes."""

    def __init__(self, terms: Sequence[Term]) -> None:
        """Terms that read the same are told apart; those that nothing is left of when folded are left out."""
        self.terms = tuple(terms)
        self._automaton: Any = ahocorasick.Automaton()
        entries: dict[str, _Entry] = {}
        for place, term in enumerate(self.terms):
            if not (key := fold_term(term.text)):
                continue
            entry = entries.setdefault(key, _Entry(len(key)))
            entry.terms += (place,)
            for exception in filter(None, map(fold_term, term.exceptions)):
                entry = entries.setdefault(exception, _Entry(len(exception)))
                entry.exception_of += (place,)
        for key, entry in entries.items():
            self._automaton.add_word(key, entry)
        self._empty = not entries
        self._automaton.make_automaton()

    def find(self, text: str) -> list[Found]:
        """Each term that counts in `text`, once, where it stands first, in their order in the text. Any string."""
        if self._empty:
            return []
        text = text[:LONGEST_TEXT]
        first: dict[int, tuple[int, int]] = {}
        for reading in readings(text):
            for place, start, end in self._in(reading, known=first):
                first[place] = reading.span(start, end)
        speaks = _Languages(text)
        found = [Found(self.terms[at], *span) for at, span in first.items() if speaks(self.terms[at].language)]
        return sorted(found, key=lambda one: (one.start, one.end, one.term.text))

    def _in(self, reading: Folded, known: Mapping[int, Any]) -> Iterator[tuple[int, int, int]]:
        """Place, start and end of the terms in one reading, each once, without those that are `known`."""
        hits = [(entry, last + 1 - entry.length, last + 1) for last, entry in self._automaton.iter(reading.text)]
        if not hits:
            return
        excepted: dict[int, _Excepted] = {}
        for entry, start, end in hits:
            for place in entry.exception_of:
                excepted.setdefault(place, _Excepted()).add(start, end)
        done = set(known)
        words = Words(reading.text)
        for entry, start, end in hits:
            for place in entry.terms:
                if place in done or (place in excepted and excepted[place].hold(start, end)):
                    continue
                if self.terms[place].whole_word and not words.is_word(start, end):
                    continue
                done.add(place)
                yield place, start, end


class _Excepted:
    """The stretches of a text where exceptions of one term stand."""

    def __init__(self) -> None:
        # By their ends, none inside of another: so their starts ascend as well.
        self._starts: list[int] = []
        self._ends: list[int] = []

    def add(self, start: int, end: int) -> None:
        """A stretch that ends where the last one did or behind it."""
        while self._starts and self._starts[-1] >= start:
            self._starts.pop()
            self._ends.pop()
        if not self._ends or self._ends[-1] < end:
            self._starts.append(start)
            self._ends.append(end)

    def hold(self, start: int, end: int) -> bool:
        """Whether `start` to before `end` lies in one of them."""
        at = bisect_left(self._ends, end)
        return at < len(self._ends) and self._starts[at] <= start


class _Languages:
    """Whether a text may be in a language; looked at only when a term asks."""

    def __init__(self, text: str) -> None:
        self._text, self._known = text, {"": True}

    def __call__(self, language: str) -> bool:
        if language not in self._known:
            self._known[language] = may_be(self._text, (language,))
        return self._known[language]


def said(found: Sequence[Found]) -> dict[str, tuple[float, Found]]:
    """For each label how much its terms say together, 0 to 1, and the one that says most.

    As if each were right by itself with the chance that is its weight: two of 0.5 say 0.75. A term inside of another
    find says nothing more.
    """
    labels: dict[str, tuple[float, Found]] = {}
    for one in found:
        if any(other is not one and _covers(other, one) for other in found):
            continue
        value, best = labels.get(one.term.label, (0.0, one))
        together = 1 - (1 - value) * (1 - one.term.weight)
        labels[one.term.label] = (together, one if one.term.weight > best.term.weight else best)
    return labels


def _covers(other: Found, one: Found) -> bool:
    """Whether `one` lies in `other`, a longer term of the same label."""
    if other.term.label != one.term.label or other.end - other.start <= one.end - one.start:
        return False
    return other.start <= one.start and one.end <= other.end
