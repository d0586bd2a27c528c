"""The field for files that people send to the team as evidence, and how much a form may send (C1, G2)."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from moderation.reports.actions.evidence import EvidenceFile
from moderation.reports.file_types import NAMES, media_type_of

MOST_FILES, LARGEST_FILE = 3, 5 * 1024**2
# All that a form may send: its files, its words, and what lies between them.
LARGEST_FORM = MOST_FILES * LARGEST_FILE + 1024**2


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
