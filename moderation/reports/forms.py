"""What forms to the team have in common."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from foundation.text import clean_text

SHORTEST, LONGEST = 10, 5_000


class WordsField(forms.CharField):
    """What a person writes to the team: 10 to 5,000 characters without anything invisible in them (C1, G2)."""

    def __init__(self, **options: Any) -> None:
        self.too_short: Any = options.pop("too_short", _("Please write a sentence, so that we understand you."))
        super().__init__(widget=forms.Textarea(attrs={"rows": 8}), **options)

    def clean(self, value: Any) -> str:
        """`value`, cleaned. Raises ValidationError saying what to change."""
        text = clean_text(super().clean(value), longest=LONGEST)
        if len(text) < SHORTEST:
            raise ValidationError(self.too_short, code="too_short")
        return text


class IdsField(forms.Field):
    """Public ids that were ticked; whether they may be is asked by the action."""

    widget = forms.CheckboxSelectMultiple

    def to_python(self, value: Any) -> tuple[UUID, ...]:
        """The ids, each once. Raises ValidationError for what is none."""
        try:
            return tuple(dict.fromkeys(UUID(one) for one in value or ()))
        except ValueError:
            raise ValidationError(_("Reload the page and choose again."), code="invalid") from None
