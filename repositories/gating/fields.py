"""The questions of a click-through form, and what counts as an answer (A3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from foundation.text import clean_text
from repositories.card.gating import LONGEST_LABEL, MOST_FIELDS, MOST_OPTIONS
from repositories.gating.countries import country_name, is_country

FIELD_TYPES = {
    "text": _("a line of text"),
    "checkbox": _("a box that must be ticked"),
    "date": _("a date"),
    "country": _("a country"),
    "select": _("one of several options"),
}
LONGEST_ANSWER = 500
_TICKED = frozenset(["true", "on", "yes", "1"])


@dataclass(frozen=True)
class Field:
    """One question: `type` is one of FIELD_TYPES, `options` are what a select offers. All of them must be answered."""

    label: str
    type: str
    options: tuple[str, ...] = ()

    def clean(self, value: object) -> str | bool:
        """The answer as we keep it: True for a ticked box, an ISO date, a country's code, else text.

        `value` is what a form or a program sends. Raises ValidationError saying what is missing or wrong.
        """
        if self.type == "checkbox":
            if value is True or (isinstance(value, str) and value.strip().lower() in _TICKED):
                return True
            raise ValidationError(_("Tick this box: the owner asks for it."), code="required")
        text = " ".join(clean_text(value, longest=LONGEST_ANSWER).split()) if isinstance(value, str) else ""
        if not text:
            raise ValidationError(_("Please answer this: the owner asks for it."), code="required")
        return self._chosen(text)

    def _chosen(self, text: str) -> str:
        if self.type == "date":
            try:
                return date.fromisoformat(text).isoformat()
            except ValueError:
                raise ValidationError(_("Give a date such as 2026-11-22."), code="invalid") from None
        if self.type == "country" and not is_country(text):
            raise ValidationError(_("Choose a country of the list."), code="invalid")
        if self.type == "select" and text not in self.options:
            raise ValidationError(_("Choose one of the options."), code="invalid")
        return text

    def as_json(self) -> dict[str, Any]:
        return {"label": self.label, "type": self.type, "options": list(self.options)}


def field_of(row: Mapping[str, Any]) -> Field:
    """The question that `Field.as_json` wrote."""
    return Field(row["label"], row["type"], tuple(row["options"]))


def clean_field(label: str, kind: str, options: Sequence[str] = ()) -> Field:
    """A question that an owner may ask. Raises ValidationError, by the name of what is wrong with it."""
    label = " ".join(clean_text(label, longest=LONGEST_LABEL).split())
    if not label:
        raise ValidationError({"label": _("Say what you ask.")})
    if kind not in FIELD_TYPES:
        raise ValidationError({"type": _("Choose what kind of answer you want.")})
    if kind != "select":
        return Field(label, kind)
    cleaned = [" ".join(clean_text(one, longest=LONGEST_LABEL).split()) for one in options]
    offered = tuple(dict.fromkeys(one for one in cleaned if one))
    if not 2 <= len(offered) <= MOST_OPTIONS:
        message = _("Give between 2 and %(most)s options, one on each line.")
        raise ValidationError({"options": ValidationError(message, params={"most": MOST_OPTIONS})})
    return Field(label, kind, offered)


def check_fields(fields: Sequence[Field]) -> None:
    """Raise ValidationError for too many questions, and for two of the same words: answers are known by them."""
    if len(fields) > MOST_FIELDS:
        raise ValidationError(_("Ask at most %(most)s questions."), params={"most": MOST_FIELDS})
    if len({one.label for one in fields}) < len(fields):
        raise ValidationError(_("Two questions have the same words. Change one of them."))


def shown_answer(answer: Mapping[str, Any]) -> str:
    """An answer of a request in words for the reader: in the active language where it is not the person's own words."""
    kind, value = answer.get("type"), answer["value"]
    if value is True:
        return gettext("yes")
    if kind == "country":
        return country_name(value)
    return date_format(date.fromisoformat(value), "DATE_FORMAT") if kind == "date" else str(value)
