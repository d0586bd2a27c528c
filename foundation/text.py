"""Checks of text that people send in."""

import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Everything in the categories Cc and Cf that hides or reorders text, but for newline, tab, and the joiners that
# marks that emoji and several scripts need.
_KEPT = {"\n", "\t", "\u200c", "\u200d", "\u200b", "\u200e", "\u200f"}
# Letters and signs that show nothing: fillers of Hangul, the empty pattern of Braille.
_BLANK = {"\u115f", "\u1160", "\u2800", "\u3164", "\uffa0"}
_LINE_ENDS = re.compile(r"\r\n?")


def clean_text(value: str, *, longest: int) -> str:
    """`value` with Unix line ends, stripped, without trailing space; "" when nothing of it can be seen.

    Raises ValidationError, naming the first character that cannot be kept (control characters, direction overrides)
    or the length when it is over `longest` characters.
    """
    text = _LINE_ENDS.sub("\n", value).strip()
    if len(text) > longest:
        message = _("This text has %(length)s characters; please shorten it to at most %(longest)s.")
        raise ValidationError(message, code="too_long", params={"length": len(text), "longest": longest})
    # What is all printable holds nothing of these categories.
    for position, character in enumerate("" if text.isprintable() else text):
        if character not in _KEPT and unicodedata.category(character) in {"Cc", "Cf", "Cs"}:
            message = _("Character %(position)s is invisible (%(name)s). Please remove it and send the text again.")
            name = f"U+{ord(character):04X}"
            raise ValidationError(message, code="invisible", params={"position": position + 1, "name": name})
    return text if any(map(_is_seen, text)) else ""


def required_text(value: str, *, longest: int) -> str:
    """The same for what has to be there: "" raises ValidationError too, as an empty field does."""
    text = clean_text(value, longest=longest)
    if not text:
        raise ValidationError(forms.Field.default_error_messages["required"], code="required")
    return text


def _is_seen(character: str) -> bool:
    """Spaces, joiners, and marks without a letter that they stand on, are nothing to read."""
    category = unicodedata.category(character)
    return not (character in _BLANK or character.isspace() or category in {"Cc", "Cf"} or category[0] == "M")
