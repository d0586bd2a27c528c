"""Fields for evidence: addresses, files, words of the content (C1)."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from foundation.text import clean_text
from moderation.reports.actions.evidence import EvidenceFile
from moderation.reports.file_types import NAMES, media_type_of

MOST_LINKS, LONGEST_LINK = 10, 500
MOST_FILES, LARGEST_FILE = 3, 5 * 1024**2
LONGEST_PASSAGE = 2_000
# All that a form may send: its files, its words, and what lies between them.
LARGEST_FORM = MOST_FILES * LARGEST_FILE + 1024**2


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


class _ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Up to three files that the team can safely look at; what they are says their content, not their name."""

    def __init__(self, **options: Any) -> None:
        super().__init__(widget=_ManyFiles(), required=False, allow_empty_file=True, **options)

    def clean(self, value: Any, initial: Any = None) -> list[EvidenceFile]:
        """The files. Raises ValidationError naming the one that we do not take."""
        sent: Sequence[Any] = [one for one in (value or []) if one is not None]
        if len(sent) > MOST_FILES:
            message = ngettext_lazy(
                "Please send at most %(number)s file.", "Please send at most %(number)s files.", "number"
            )
            raise ValidationError(message, code="many", params={"number": MOST_FILES})
        return [self._file(super(FilesField, self).clean(one)) for one in sent]

    def _file(self, sent: Any) -> EvidenceFile:
        if sent.size > LARGEST_FILE:
            message = _("“%(name)s” is too large: a file has at most %(limit)s.")
            parts = {"name": sent.name[:80], "limit": filesizeformat(LARGEST_FILE)}
            raise ValidationError(message, code="large", params=parts)
        content = sent.read()
        media_type = media_type_of(content)
        if not media_type:
            message = _("We do not take “%(name)s”: we take %(types)s. Tell us in your words what it shows.")
            raise ValidationError(message, code="type", params={"name": sent.name[:80], "types": NAMES})
        return EvidenceFile(sent.name, media_type, content)
