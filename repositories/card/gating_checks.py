"""What the questions for people who want gated files have to be (A3)."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from repositories.card.gating import FIELD_TYPE_NAMES, MOST_FIELDS, MOST_OPTIONS
from repositories.card.nodes import Place
from repositories.card.problems import ERROR, WARNING, CardProblem

# The hub's own way of asking where somebody is. We take no such trace of people.
_LOCATION = "ip_location"


def check_fields(place: Place) -> Iterator[CardProblem]:
    """Questions with their types."""
    if place.kind not in ("map", "null"):
        yield place.problem(ERROR, _("Write one question on each line, as “Question: type”."))
    pairs = place.pairs()
    if len(pairs) > MOST_FIELDS:
        text = _("We ask at most %(most)s questions: take some out.")
        yield pairs[MOST_FIELDS][0].problem(ERROR, text, most=MOST_FIELDS)
    for _key, asked in pairs[:MOST_FIELDS]:
        yield from _check_field(asked)


def _check_field(asked: Place) -> Iterator[CardProblem]:
    details = {key.text: value for key, value in asked.pairs()}
    kind = details.get("type") if asked.kind == "map" else asked
    written = kind.text.lower() if kind and kind.kind == "str" else ""
    if written == _LOCATION:
        yield asked.problem(WARNING, _("We do not find out where people are, and leave this question out."))
    elif written not in FIELD_TYPE_NAMES:
        text = _("We cannot ask this: its type has to be text, checkbox, date_picker, country or select.")
        yield (kind or asked).problem(ERROR, text)
    elif written == "select":
        yield from _check_options(asked, details.get("options"))


def _check_options(asked: Place, options: Place | None) -> Iterator[CardProblem]:
    entries = options.entries() if options else []
    if not entries or len(entries) > MOST_OPTIONS:
        text = _("Give a list of 1 to %(most)s options below “type: select”.")
        yield (options or asked).problem(ERROR, text, most=MOST_OPTIONS)
    for entry in entries[:MOST_OPTIONS]:
        labels = [value for key, value in entry.pairs() if key.text == "label"]
        label = labels[0] if labels else entry
        if label.kind in ("map", "seq", "null"):
            yield entry.problem(ERROR, _("Write an option as text, or as a label with a value."))
