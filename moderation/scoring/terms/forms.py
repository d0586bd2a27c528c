from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from moderation.scoring.models import Term
from moderation.scoring.terms.reading import Row, clean_exceptions, clean_term, read_terms


class TermForm(forms.ModelForm):  # type: ignore[type-arg]
    """A term by hand, held to what an import is held to."""

    class Meta:
        model = Term
        fields = ("term_list", "text", "weight", "exceptions", "whole_word", "active")

    def clean_text(self) -> str:
        return clean_term(self.cleaned_data["text"])

    def clean_exceptions(self) -> list[str]:
        return clean_exceptions(self.cleaned_data.get("text", ""), self.cleaned_data["exceptions"])


class ImportForm(forms.Form):
    """A CSV file with terms; `rows` are what it says."""

    file = forms.FileField(
        label=_("CSV file"),
        help_text=_(
            "In UTF-8. The first line names the columns: term, and where you want them weight, exceptions (with ; "
            "between them), whole_word and active (yes or no)."
        ),
    )
    replace = forms.BooleanField(label=_("Remove the terms that are not in the file"), required=False)

    rows: list[Row]

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        self.rows = read_terms(file.read())
        return file
