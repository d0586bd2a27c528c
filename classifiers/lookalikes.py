"""Words that do not read as they are written: hidden characters, letters of another script, letters in another style.

What ordinary writing needs is no disguise: joiners in Arabic, Hindi, Thai and emoji, Greek letters of formulas, Latin
stems with an ending in another script.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from confusable_homoglyphs import categories, confusables

# Scripts whose letters stand for Latin ones without being noticed.
SCRIPTS = ("Cyrillic", "Greek", "Armenian", "Cherokee", "Coptic", "Lisu")
SHORTEST = 3  # letters; shorter ones are formulas, units and initials
SHORTEST_STYLED = 4
# Formulas put such Greek letters before and after Latin ones: only inside of a longer word are they no formula.
FORMULAS = frozenset("αγινρσυ")
SHORTEST_WITH_FORMULA = 5
# From so many words in a script on, a Latin stem with an ending in it is how its people write: "tokenа".
WORDS_OF_A_LANGUAGE = 3

# What nobody sees: the characters that Unicode calls default ignorable, and the blank of Braille.
UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e0fff"
)
_STYLED = "\u24b6-\u24e9\U0001d400-\U0001d7cb\U0001f130-\U0001f149"
_WORD = re.compile(rf"[^\W_](?:[^\W_]|[\u0300-\u036f{_STYLED}{UNSEEN}])*|[{_STYLED}](?:[{_STYLED}])*")
_RUN_UNSEEN = re.compile(rf"[{UNSEEN}]+")
_LATIN = re.compile(r"[A-Za-z0-9\u00c0-\u024f]")
# Web pages put it where a word may break: it is dropped, and means nothing.
_SOFT_HYPHEN = "\u00ad"


@dataclass(frozen=True, slots=True)
class Disguise:
    """The word at `start` to `end`, and how it `reads`: `folds` says what to put for the characters at some offsets.

    `hidden` are the code points that nobody sees (U+200B), `scripts` those that look-alike letters come from;
    `styled` says that letters have another style, such as 𝗯𝗼𝗹𝗱.
    """

    start: int
    end: int
    reads: str
    hidden: tuple[str, ...]
    scripts: tuple[str, ...]
    styled: bool
    folds: dict[int, str]

    @property
    def misleads(self) -> bool:
        """Whether only somebody who hides something writes like that; styled letters are fashion, and formulas."""
        return bool(self.hidden or self.scripts)


def disguises(text: str) -> list[Disguise]:
    """The disguised words of `text`, in its order. Takes any string."""
    if text.isascii() or not _odd().search(text):
        return []
    words = [(found.start(), found[0]) for found in _WORD.finditer(text) if not found[0].isascii()]
    languages = _languages(word for _start, word in words)
    return [found for start, word in words if (found := _read(word, start, languages))]


@cache
def letters() -> dict[str, tuple[str, str]]:
    """Letters of other scripts, each with the ASCII letter that it looks like and its script."""
    found = {}
    for script in SCRIPTS:
        for letter in _letters_of(script.upper()):
            if seen := _looks_like(letter):
                found[letter] = (seen, script)
    return found


def _letters_of(script: str) -> list[str]:
    return [one for one in confusables.confusables_data if len(one) == 1 and categories.alias(one) == script]


def _looks_like(letter: str) -> str:
    """The ASCII letter that `letter` looks like; of a capital that the table takes for a small letter (І for l) the
    small one is asked. "" for none."""
    seen, small = _ascii(letter), letter.lower()
    return _ascii(small).upper() if seen.islower() and letter != small else seen


def _ascii(letter: str) -> str:
    """The ASCII letter that `letter` looks like, also as its small capital: н is "ʜ"; "" for none."""
    for other in confusables.confusables_data.get(letter, ()):
        one = _small_capital(other["c"]) or other["c"]
        if len(one) == 1 and one.isascii() and one.isalpha():
            return str(one)
    return ""


def _small_capital(letter: str) -> str:
    """h for ʜ; "" for what is no small capital."""
    name = unicodedata.name(letter, "") if len(letter) == 1 else ""
    last = name.removeprefix("LATIN LETTER SMALL CAPITAL ")
    return last.lower() if name != last and len(last) == 1 else ""


def _styled(letter: str) -> str:
    """The plain letter of one in another style: of mathematics, in a circle, a small capital; "" for others."""
    plain = unicodedata.normalize("NFKC", letter)
    if plain == letter:
        return _small_capital(letter)
    return plain if len(plain) == 1 and plain.isascii() and _STYLES.match(letter) else ""


_STYLES = re.compile(f"[{_STYLED}]")


@cache
def _odd() -> re.Pattern[str]:
    """Anything that a disguise needs: most texts have none of it."""
    small = "".join(chr(one) for one in range(0x250, 0xAB70) if _small_capital(chr(one)))
    return re.compile(f"[{UNSEEN}{_STYLED}{small}{''.join(letters())}]")


_script = cache(categories.alias)


def _languages(words: Iterator[str]) -> frozenset[str]:
    """The scripts that enough of `words` are written in alone."""
    counts = dict.fromkeys(SCRIPTS, 0)
    for word in words:
        scripts = {_script(letter) for letter in word if letter.isalpha()}
        if len(scripts) == 1 and (name := scripts.pop().capitalize()) in counts:
            counts[name] += 1
    return frozenset(script for script, count in counts.items() if count >= WORDS_OF_A_LANGUAGE)


def _read(word: str, start: int, languages: frozenset[str]) -> Disguise | None:
    """How `word`, which begins at `start`, is disguised; None for a word that is as it looks."""
    hidden, folds = _hidden(word)
    plain = _RUN_UNSEEN.sub("", word)
    foreign = [letter for letter in plain if letter in letters()]
    scripts: tuple[str, ...] = ()
    if foreign and _misleads(plain, languages):
        scripts = tuple(dict.fromkeys(letters()[letter][1] for letter in foreign))
        folds |= {place: letters()[letter][0] for place, letter in enumerate(word) if letter in letters()}
    styles = {place: plain for place, letter in enumerate(word) if not letter.isascii() and (plain := _styled(letter))}
    styled = len(styles) >= SHORTEST_STYLED and all(
        place in styles for place, letter in enumerate(word) if letter.isalpha()
    )
    folds |= styles if styled else {}
    if not folds:
        return None
    reads = "".join(folds.get(place, letter) for place, letter in enumerate(word))
    absolute = {start + place: reading for place, reading in folds.items()}
    return Disguise(start, start + len(word), reads, hidden, scripts, styled, absolute)


def _hidden(word: str) -> tuple[tuple[str, ...], dict[int, str]]:
    """What nobody sees between two Latin letters of `word`: its code points, and to drop it."""
    codes: dict[str, None] = {}
    folds: dict[int, str] = {}
    for found in _RUN_UNSEEN.finditer(word):
        before, after = word[found.start() - 1 : found.start()], word[found.end() : found.end() + 1]
        if all(letter and (_LATIN.match(letter) or letter in letters()) for letter in (before, after)):
            folds |= dict.fromkeys(range(found.start(), found.end()), "")
            codes |= {f"U+{ord(one):04X}": None for one in found[0] if one != _SOFT_HYPHEN}
    return tuple(codes), folds


def _misleads(word: str, languages: frozenset[str]) -> bool:
    """Whether the letters of other scripts in `word` pass for Latin ones: it has Latin ones, and all others fold."""
    kinds = [letters()[one][1] if one in letters() else "Latin" if _LATIN.match(one) else "" for one in word]
    shown = [kind for letter, kind in zip(word, kinds, strict=True) if letter.isalpha()]
    if len(shown) < SHORTEST or "" in shown or "Latin" not in shown:
        return False
    runs = [kind for kind, _run in groupby(shown)]
    if len(runs) == 2 and (set(runs) & languages):
        return False  # a stem and its ending
    foreign = [place for place, kind in enumerate(kinds) if kind not in ("Latin", "")]
    if any(word[place] not in FORMULAS for place in foreign):
        return True
    return len(shown) >= SHORTEST_WITH_FORMULA and runs[0] == runs[-1] == "Latin"
