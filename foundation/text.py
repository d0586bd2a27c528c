"""Checks of text that people send in."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Everything in the categories Cc and Cf that hides or reorders text, but for newline, tab, and the joiners that
# marks that emoji and several scripts need.
_KEPT = {"\n", "\t", "\u200c", "\u200d", "\u200b", "\u200e", "\u200f"}
_LINE_ENDS = re.compile(r"\r\n?")


def clean_text(value: str, *, longest: int) -> str:
    """`value` with Unix line ends, stripped, without trailing space.

    Raises ValidationError, naming the first character that cannot be kept (control characters, direction overrides)
    or the length when it is over `longest` characters.
    """
    text = _LINE_ENDS.sub("\n", value).strip()
    if len(text) > longest:
        message = _("This text has %(length)s characters; please shorten it to at most %(longest)s.")
        raise ValidationError(message, code="too_long", params={"length": len(text), "longest": longest})
    for position, character in enumerate(text):
        if character not in _KEPT and unicodedata.category(character) in {"Cc", "Cf", "Cs"}:
            message = _("Character %(position)s is invisible (%(name)s). Please remove it and send the text again.")
            name = f"U+{ord(character):04X}"
            raise ValidationError(message, code="invisible", params={"position": position + 1, "name": name})
    return text
