"""The orders of lists in words: what they are called, and how each comes about (A6)."""

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from repositories.feeds import MOST
from repositories.trending import DOWNLOAD, HALF_LIFE, LIKE

NAMES = {
    "trending": _("Trending"),
    "newest": _("Newest"),
    "likes": _("Most liked"),
    "downloads": _("Most downloaded"),
    "updated": _("Last updated"),
}
BEST = "best"
NAMES_IN_SEARCH = {BEST: _("Best match"), **NAMES}

EXPLAINED: dict[str, str | Promise] = {
    "trending": format_lazy(
        _(
            "A like counts as much as {downloads} downloads, and everything counts half after {days} days, a quarter "
            "after twice as long, and so on: score = Σ weight × 2^(−age ÷ {days} days). Nothing else counts."
        ),
        downloads=round(LIKE / DOWNLOAD),
        days=HALF_LIFE.days,
    ),
    "newest": _("By the day they were made, the newest first."),
    "likes": _("By the number of people who like them, of all time."),
    "downloads": _("By the number of downloads, of all time."),
    "updated": _("By the last change of their files, the latest first."),
    BEST: format_lazy(
        _(
            "Exactly this name comes first. Then what is found in the name weighs most, in tags and title less, in "
            "the card least. We weigh those that trend most among what was found, at most {most}; the other orders "
            "show all."
        ),
        most=MOST,
    ),
}
