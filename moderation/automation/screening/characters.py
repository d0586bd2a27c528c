"""Words that hide characters, or take letters of another script for Latin ones."""

from django.utils.translation import gettext_noop as _

from moderation.automation.models import Finding
from moderation.automation.screening.texts import Found, ScreenedText

# One such word can be a slip of the keyboard or the clipboard; the evidence marks it all the same.
FEWEST = 2

WORDS = _("Words with hidden characters, or with letters that only look like others. They are marked in the text.")


def find_disguises(text: ScreenedText) -> Found | None:
    """Styled letters count as no disguise: many people like them."""
    count = sum(1 for one in text.read.disguises if one.misleads)
    return Found(Finding.Kind.CHARACTERS, count, (WORDS,)) if count >= FEWEST else None
