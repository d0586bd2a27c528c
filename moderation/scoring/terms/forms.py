from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from classifiers.terms.folding import term_key
from moderation.scoring.models import Term
from moderation.scoring.terms.reading import Row, clean_exceptions, clean_term, read_terms


class TermForm(forms.ModelForm):  # type: ignore[type-arg]
    """A term by hand, held to what an import is held to."""

    class Meta:
        model = Term
        fields = ("term_list", "text", "weight", "exceptions", "whole_word", "active")

    def clean_text(self) -> str:
        return clean_term(self.cleaned_data["text"])

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        term_list, text = values.get("term_list"), values.get("text")
        # What was in the list twice before stays open to other changes.
        if term_list and text and {"term_list", "text"} & set(self.changed_data):
            others = term_list.terms.exclude(pk=self.instance.pk).values_list("text", flat=True)
            if any(term_key(other) == term_key(text) for other in others.iterator(chunk_size=5_000)):
                self.add_error("text", gettext("This term is in the list already."))
        return values

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
