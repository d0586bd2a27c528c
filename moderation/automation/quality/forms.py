"""The forms of these pages: a target for a threshold, and a file to measure bias on."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from classifiers.evaluation.measuring import How
from classifiers.evaluation.rows import FALSE, TRUE
from foundation.text import clean_text
from moderation.scoring.bias.asking import MOST_ROWS

# Percent.
TARGETS = (50, 60, 70, 80, 90, 95, 97, 99)
TARGET = 90


class TargetForm(forms.Form):
    """The precision that a threshold is to have, in percent."""

    target = forms.TypedChoiceField(
        label=_("Of what is flagged, at least this share should be a violation"),
        choices=[(one, f"{one} %") for one in TARGETS],
        coerce=int,
    )


class BiasForm(forms.Form):
    """A CSV or JSON lines file of labelled texts, and which of its columns mean what."""

    file = forms.FileField(label=_("File"), help_text=_("CSV with a header, or JSON lines (.jsonl), in UTF-8."))
    label = forms.SlugField(label=_("Label of the classifier"), max_length=40, initial="toxicity")
    text = forms.CharField(label=_("Column with the texts"), max_length=100, initial="text")
    column = forms.CharField(
        label=_("Column with the truth"), max_length=100, initial="label", help_text=_("1 and 0, or as said below.")
    )
    term_column = forms.CharField(
        label=_("Column with the groups that a text names"),
        max_length=100,
        required=False,
        help_text=_("With ; between two. Left empty, the words of our own list are looked for."),
    )
    true = forms.CharField(label=_("What means yes"), max_length=100, required=False, help_text=_("Such as Toxic."))
    false = forms.CharField(label=_("What means no"), max_length=100, required=False)
    sample = forms.IntegerField(
        label=_("Rows to measure"),
        min_value=1,
        max_value=MOST_ROWS,
        initial=4_000,
        help_text=_("Picked by chance, the same ones each time; more rows take longer and give narrower intervals."),
    )

    def __init__(self, *args: Any, labels: list[str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if labels and "toxicity" not in labels:
            self.fields["label"].initial = labels[0]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        for name in ("text", "column", "term_column", "true", "false"):
            if values.get(name):
                values[name] = clean_text(values[name], longest=100)
        return values

    @property
    def how(self) -> How:
        """What was chosen, of a valid form."""
        said = self.cleaned_data
        plain = {name: said[name] for name in ("text", "column", "label", "term_column", "sample")}
        return How(**plain, true=_meaning(said["true"], TRUE), false=_meaning(said["false"], FALSE))


def _meaning(said: str, default: frozenset[str]) -> tuple[str, ...]:
    return (said.strip().casefold(),) if said.strip() else tuple(sorted(default))
