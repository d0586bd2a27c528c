"""Fields for evidence: addresses, words of the content (C1); files are those of every form to the team."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext_lazy as _

from foundation.text import clean_text

MOST_LINKS, LONGEST_LINK = 10, 500
LONGEST_PASSAGE = 2_000


class LinksField(forms.CharField):
    """Up to ten addresses, one a line, of http or https."""

    def __init__(self, **options: Any) -> None:
        attributes = {"rows": 3, "spellcheck": "false", "autocapitalize": "off"}
        super().__init__(widget=forms.Textarea(attrs=attributes), required=False, **options)

    def clean(self, value: Any) -> tuple[str, ...]:
        """The addresses. Raises ValidationError naming the line that is none."""
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        if len(lines) > MOST_LINKS:
            raise ValidationError(_("These are too many addresses: please send the ten that say most."), code="many")
        return tuple(dict.fromkeys(self._address(line) for line in lines))

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) or value is None else "\n".join(value)

    def _address(self, line: str) -> str:
        try:
            if len(line) > LONGEST_LINK:
                raise ValidationError("")  # noqa: TRY301 - one sentence for both
            # Our own site may have a name that only its network knows.
            if not line.startswith(f"{settings.SITE_URL.rstrip('/')}/"):
                URLValidator(schemes=["http", "https"])(line)
        except ValidationError:
            message = _("“%(line)s” is no address that begins with https:// or http://. Please write one on each line.")
            raise ValidationError(message, code="invalid", params={"line": line[:80]}) from None
        return line


class PassageField(forms.CharField):
    """Words of the reported content, as they stand there."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=forms.Textarea(attrs={"rows": 3}), required=False, **options)

    def clean(self, value: Any) -> str:
        """`value`, cleaned. Raises ValidationError saying what to change."""
        return clean_text(super().clean(value), longest=LONGEST_PASSAGE)
