"""The six ethical categories by which authors say what they care about (A5)."""

import re
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_SPACES = re.compile(r"[\s_-]+")


@dataclass(frozen=True)
class Category:
    """`slug` is what front matter and tags say, `name` and `explanation` what people read."""

    slug: str
    name: str | Promise
    explanation: str | Promise


CATEGORIES = {
    one.slug: one
    for one in [
        Category(
            "rigorous",
            _("Rigorous"),
            _("It was looked at for failures and bias, guards privacy, and tells its limits to everybody."),
        ),
        Category(
            "consentful",
            _("Consentful"),
            _("The people who use it, and those whom it affects, decide for themselves."),
        ),
        Category(
            "socially-conscious",
            _("Socially conscious"),
            _("It serves people, the environment or science."),
        ),
        Category(
            "sustainable",
            _("Sustainable"),
            _("It looks for ways in which machine learning takes less from nature."),
        ),
        Category(
            "inclusive",
            _("Inclusive"),
            _("It lets more people build machine learning, and gain from it."),
        ),
        Category(
            "inquisitive",
            _("Inquisitive"),
            _("It makes inequality and power visible, so that we think again about our technology."),
        ),
    ]
}


def slug_of(word: str) -> str:
    """A word of front matter as a slug: lower case, with “-” for spaces and underscores."""
    return _SPACES.sub("-", word.strip().casefold())


def categories_in(words: list[str]) -> list[str]:
    """The slugs of the ethical categories among `words`, in the order of the table."""
    named = {slug_of(word) for word in words}
    return [slug for slug in CATEGORIES if slug in named]


def categories_of(slugs: list[str]) -> list[Category]:
    """The categories of these slugs; what is none is left out."""
    return [CATEGORIES[slug] for slug in slugs if slug in CATEGORIES]
