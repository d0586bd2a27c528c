"""Countries to choose from: the codes of ISO 3166, with their names in the reader's language."""

import re
import unicodedata
from functools import cache

from babel import Locale
from django.utils.translation import get_language

# What the names come with beside countries: unions, parts with a code of their own, codes for tests. Kosovo stays,
# whose code is not in ISO 3166: its people need something to choose.
_NO_COUNTRIES = frozenset(["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"])
_CODE = re.compile(r"[A-Z]{2}")
_ACCENTS = re.compile("[\u0300-\u036f]")
# Thai dictionaries sort by the consonant, which follows these vowels.
_LEADING_VOWEL = re.compile("([เแโใไ])(.)")


def countries() -> list[tuple[str, str]]:
    """Codes and names, sorted by name in the active language."""
    return list(_sorted(get_language() or "en"))


def country_name(code: str) -> str:
    """The name of a country in the active language; the code itself where it is none of ours."""
    return _names(get_language() or "en").get(code, code)


def is_country(code: str) -> bool:
    return code in _names("en")


@cache
def _names(language: str) -> dict[str, str]:
    names = Locale.parse(language, sep="-").territories
    return {code: name for code, name in names.items() if _CODE.fullmatch(code) and code not in _NO_COUNTRIES}


@cache
def _sorted(language: str) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(_names(language).items(), key=lambda pair: _place(pair[1])))


def _place(name: str) -> str:
    plain = _ACCENTS.sub("", unicodedata.normalize("NFKD", name)).casefold()
    return _LEADING_VOWEL.sub(r"\2\1", plain)
