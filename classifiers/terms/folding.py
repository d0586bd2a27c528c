"""Texts as terms are looked up in them: as they read, in small letters, with one space between words.

A text has several readings where people play with letters: digits for letters ("sh1t"), letters drawn out ("idiooot").
"""

import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from classifiers.lookalikes import UNSEEN
from classifiers.normalise import Normalised, normalise

# Digits and signs that stand for letters inside of words.
_LEET = str.maketrans("013457@$!", "oieastasi")
# Longer ones are keys, hashes and addresses.
_LONGEST_LEET = 24
_MIXED = re.compile(r"(?<![^\W_])(?=[0-9@$!]*[a-z])(?=[a-z]*[0-9@$!])[a-z0-9@$]+(?:![a-z]+)*(?![^\W_])")
_SIGNS = re.compile("[013457@$!]")
_UNSEEN = re.compile(f"[{UNSEEN}]+")
_SPACE_RUN = re.compile(r"\s+")
_THRICE = re.compile(r"(.)\1\1")
_DRAWN_OUT = re.compile(r"([^\W\d_])\1{2,}")


@dataclass(frozen=True, slots=True)
class Folded:
    """One way to read a text; its character at an index came from that of the original at `origins[index]`."""

    text: str
    origins: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The characters of the original that became `start` to before `end`, of which there is at least one."""
        return self.origins[start], self.origins[end - 1] + 1


def fold_term(term: str) -> str:
    """A term as it is looked up; "" for one that nothing is left of."""
    return fold(term).text.strip()


def term_key(term: str) -> str:
    """What makes two terms of a list one: their letters whatever their case, Straße and STRASSE, ΟΔΟΣ and οδος.

    Terms with one key are found in the same texts, and those that PostgreSQL's lower() makes equal have one key.
    """
    return _caseless(term).casefold()


def fold(text: str) -> Folded:
    """`text` as it reads, in small letters, without what nobody sees, with one space between words. Any string."""
    read = normalise(text)
    folded = Folded(read.text.lower(), read.origins)
    if not read.text.isascii():
        read = replace(read, text=_caseless(read.text))
        small = read.text.casefold()
        folded = Folded(small, read.origins if len(small) == len(read.text) else _casefolded_origins(read))
        if _UNSEEN.search(small):
            folded = _replaced(folded, _UNSEEN, "")
    if " ".join(folded.text.split()) == folded.text.strip(" "):
        return folded
    return _replaced(folded, _SPACE_RUN, " ")


def readings(text: str) -> Iterator[Folded]:
    """`text` folded, and the other ways to read it where somebody played with its letters."""
    plain = fold(text)
    yield plain
    if _SIGNS.search(plain.text) and (leet := _MIXED.sub(_unleet, plain.text)) != plain.text:
        yield Folded(leet, plain.origins)
    if _THRICE.search(plain.text) and _DRAWN_OUT.search(plain.text):
        yield _replaced(plain, _DRAWN_OUT, r"\1")
        yield _replaced(plain, _DRAWN_OUT, r"\1\1")


def _caseless(text: str) -> str:
    """`text` without the letter whose small one is written as another with a mark, of the same length: i for İ."""
    return text.replace("\u0130", "i")


def _unleet(found: re.Match[str]) -> str:
    word = found[0]
    return word.translate(_LEET) if len(word) <= _LONGEST_LEET else word


def _casefolded_origins(read: Normalised) -> Sequence[int]:
    origins = array("I")
    for character, origin in zip(read.text, read.origins, strict=True):
        origins.extend([origin] * len(character.casefold()))
    return origins


def _replaced(folded: Folded, pattern: re.Pattern[str], by: str) -> Folded:
    """`folded` with each find of `pattern` as `by`, which is no longer: its characters keep the first places."""
    parts: list[str] = []
    origins = array("I")
    done = 0
    for found in pattern.finditer(folded.text):
        new = found.expand(by) if "\\" in by else by
        parts += [folded.text[done : found.start()], new]
        origins.extend(folded.origins[done : found.start()])
        # The last of its characters stands for all that went, so that a span covers them.
        if new:
            origins.extend(folded.origins[found.start() : found.start() + len(new) - 1])
            origins.append(folded.origins[found.end() - 1])
        done = found.end()
    parts.append(folded.text[done:])
    origins.extend(folded.origins[done:])
    return Folded("".join(parts), origins)
