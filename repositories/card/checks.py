"""What each key of front matter has to be (A5)."""

import re
from collections.abc import Callable, Iterator

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from repositories.card.categories import CATEGORIES, slug_of
from repositories.card.gating_checks import check_fields
from repositories.card.licenses import license_of
from repositories.card.nodes import Place
from repositories.card.problems import ERROR, WARNING, CardProblem
from repositories.card.values import is_dataset, is_model

Check = Callable[[Place], Iterator[CardProblem]]

# ISO 639 codes with scripts and regions, and the two words that cards use where no code fits.
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8}){0,3}|multilingual|code", re.IGNORECASE)


def check_text(place: Place) -> Iterator[CardProblem]:
    """One text."""
    if place.kind not in ("str", "null"):
        text = _("This has to be text and is %(kind)s: put it in quotes, or take it out.")
        yield place.problem(ERROR, text, kind=place.kind_name)


def check_tags(place: Place) -> Iterator[CardProblem]:
    """A list of texts."""
    if place.kind not in ("seq", "null"):
        yield place.problem(ERROR, _("Write tags as a list: [one, two], or one “- ” on each line."))
    for entry in place.entries():
        yield from check_text(entry)


def check_license(place: Place) -> Iterator[CardProblem]:
    """A known identifier; a list of one is one."""
    for number, one in enumerate(_entries(place)):
        yield from check_text(one)
        if number == 0 and one.kind == "str":
            yield from _license(one)
        if number == 1 and one.kind == "str":
            yield one.problem(WARNING, _("We show the first license only: say in the card what the others are for."))


def _license(one: Place) -> Iterator[CardProblem]:
    known = license_of(one.text)
    if known is None:
        text = _(
            "We do not know the license “%(license)s”: write an identifier such as apache-2.0, or “other” with "
            "license_name and license_link."
        )
        yield one.problem(WARNING, text, license=one.text)
    elif known.id != one.text:
        yield one.problem(WARNING, _("Write “%(id)s”, so that programs find it."), id=known.id)


def check_languages(place: Place) -> Iterator[CardProblem]:
    """One code or a list of them."""
    for one in _entries(place):
        if one.kind == "bool" and one.text.lower() == "no":
            yield one.problem(WARNING, _("Put “no” in quotes: many programs read it as false, not as Norwegian."))
        elif one.kind == "str" and not _LANGUAGE.fullmatch(one.text):
            text = _("“%(language)s” is no code of a language: write one such as en, th or pt-BR.")
            yield one.problem(ERROR, text, language=one.text)
        else:
            yield from check_text(one)


def check_categories(place: Place) -> Iterator[CardProblem]:
    """Some of the six ethical categories."""
    for one in _entries(place):
        yield from check_text(one)
        if one.kind == "str" and slug_of(one.text) not in CATEGORIES:
            text = _(
                "“%(category)s” is none of the six categories: rigorous, consentful, socially-conscious, sustainable, "
                "inclusive, inquisitive."
            )
            yield one.problem(WARNING, text, category=one.text)


WITHOUT_OWNER = re.compile(r"[A-Za-z0-9][\w.-]{0,95}")


def _names(is_name: Callable[[str], bool], text: str | Promise) -> Check:
    def check(place: Place) -> Iterator[CardProblem]:
        for one in _entries(place):
            yield from check_text(one)
            if one.kind == "str" and not is_name(one.text):
                # The hub's own first models have no owner; a card that names one must still come through its client.
                level = WARNING if WITHOUT_OWNER.fullmatch(one.text) else ERROR
                yield one.problem(level, text, name=one.text)

    return check


def _entries(place: Place) -> list[Place]:
    """The entries of a list, or the value itself."""
    return place.entries() if place.kind == "seq" else [place]


CHECKS: dict[str, Check] = {
    "license": check_license,
    "license_name": check_text,
    "license_link": check_text,
    "tags": check_tags,
    "language": check_languages,
    "base_model": _names(is_model, _("“%(name)s” is no name of a model: write owner/name.")),
    "datasets": _names(is_dataset, _("“%(name)s” is no name of a dataset: write owner/name.")),
    "ethical_categories": check_categories,
    "pipeline_tag": check_text,
    "library_name": check_text,
    "extra_gated_heading": check_text,
    "extra_gated_description": check_text,
    "extra_gated_prompt": check_text,
    "extra_gated_button_content": check_text,
    "extra_gated_fields": check_fields,
}
