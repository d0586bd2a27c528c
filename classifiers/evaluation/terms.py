"""Which groups of people a text names, by a list of words or by a column."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from classifiers.evaluation.rows import BadFile

DEFAULT_TERMS = Path(__file__).parent / "identity_terms.txt"
SEPARATOR = ";"


def read_terms(path: Path = DEFAULT_TERMS) -> list[str]:
    """The terms of a list, one a line; empty lines and those with a # at the start are skipped. Raises BadFile."""
    try:
        lines = [" ".join(line.split()).casefold() for line in path.read_text(encoding="utf-8-sig").splitlines()]
    except OSError as error:
        raise BadFile(f"{path} cannot be read: {error.strerror}. Give a list with one term a line.") from None
    except UnicodeDecodeError:
        raise BadFile(f"{path} is not UTF-8 text: save it as UTF-8.") from None
    if not (terms := list(dict.fromkeys(line for line in lines if line and not line.startswith("#")))):
        raise BadFile(f"{path} holds no terms: write one a line.")
    return terms


def finder(terms: Sequence[str]) -> Callable[[str], frozenset[str]]:
    """A function that says which of the terms, as `read_terms` gives them, a text names.

    Terms are whole words: writing that puts no spaces between words, such as Thai, needs a column instead.
    """
    longest_first = sorted(terms, key=len, reverse=True)
    spaced = "|".join(r"\s+".join(re.escape(word) for word in term.split()) for term in longest_first)
    found = re.compile(rf"(?<!\w)(?:{spaced})(?!\w)")
    return lambda text: frozenset(" ".join(one.split()) for one in found.findall(text.casefold()))


def split(named: str) -> frozenset[str]:
    """The terms that a cell names, with a semicolon between two."""
    return frozenset(term for part in named.split(SEPARATOR) if (term := " ".join(part.split()).casefold()))
