"""Translations of all installed apps in as few dictionaries as their plurals allow.

Django means to merge the catalogue of each app into the one before, and compares a function with its code, which are
never equal: every text is then looked for in nine dictionaries, and in nine more of English. A page looks for hundreds.
"""

from django.utils.translation import trans_real


def merge_catalogs() -> None:
    """Have catalogues that are loaded from now on merged where their plurals are formed alike."""
    trans_real.TranslationCatalog.update = _update  # type: ignore[method-assign]


def _update(self, trans) -> None:  # type: ignore[no-untyped-def]
    if set(trans._catalog) <= {""}:
        return  # a header and no text, as all of English
    if trans.plural.__code__ == self._plurals[0].__code__:
        self._catalogs[0].update(trans._catalog)
    else:
        self._catalogs.insert(0, trans._catalog.copy())
        self._plurals.insert(0, trans.plural)
