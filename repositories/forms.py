"""Forms of repositories: their clean methods return what the actions take."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts.models import Namespace, User
from accounts.queries import namespaces_edited_by
from foundation.text import clean_text
from repositories.card import CardProblem, errors_in, validate_card
from repositories.models import Gating, Kind, Visibility
from repositories.names import clean_repository_name
from repositories.projections import LARGEST_CARD

LONGEST_MESSAGE = 200


class SettingsForm(forms.Form):
    """What the owner chooses (A2)."""

    visibility = forms.ChoiceField(
        label=_("Who sees it"),
        choices=[
            (Visibility.PUBLIC, _("Public: everybody")),
            (Visibility.PRIVATE, _("Private: only the owner, or the members of the organization")),
        ],
        widget=forms.RadioSelect,
    )
    gating = forms.ChoiceField(
        label=_("Who gets the files"),
        choices=[
            (Gating.NONE, _("Everybody who sees it")),
            (Gating.AUTO, _("Gated: whoever accepts your conditions")),
            (Gating.MANUAL, _("Gated: whom you let in, one by one")),
        ],
        widget=forms.RadioSelect,
        help_text=_(
            "The page and the discussions of a gated repository stay open to everybody who sees it. In its settings "
            "you say what people agree to, and decide about their requests."
        ),
    )


class NewRepositoryForm(SettingsForm):
    """Where, what and for whom (A1, A2)."""

    owner = forms.ModelChoiceField(Namespace.objects.none(), label=_("Owner"), empty_label=None)
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices)
    name = forms.CharField(
        label=_("Name"),
        max_length=96,
        help_text=_("Letters, digits, “-”, “_” and “.”. It becomes part of the address."),
    )
    field_order = ("owner", "name", "kind")

    def __init__(self, actor: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ModelChoiceField)
        owner.queryset = namespaces_edited_by(actor).distinct().order_by(F("user").asc(nulls_last=True), "name")

    def clean_name(self) -> str:
        return clean_repository_name(self.cleaned_data["name"])


class CardForm(forms.Form):
    """README.md as a whole, with the head it was opened at (A5).

    Front matter that programs cannot read is refused with the lines to change, until the person saves it `anyway`.
    """

    text = forms.CharField(
        label=_("Card (README.md)"),
        widget=forms.Textarea(attrs={"rows": 24, "class": "hash"}),
        help_text=_(
            "Between the lines “---” stands what programs read: license, tags, language. Below it, in Markdown: what "
            "it is for, what it is not for, which risks and limits you know."
        ),
    )
    anyway = forms.BooleanField(
        label=_("Save it anyway"),
        required=False,
        help_text=_("What is named above stays wrong, and programs read the card without it."),
    )
    message = forms.CharField(label=_("What did you change?"), max_length=LONGEST_MESSAGE, required=False)
    parent = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)

    def clean_text(self) -> str:
        return clean_text(self.cleaned_data["text"], longest=LARGEST_CARD) + "\n"

    def clean_message(self) -> str:
        return clean_text(self.cleaned_data["message"], longest=LONGEST_MESSAGE) or "Update README.md"

    def clean(self) -> None:
        text = self.cleaned_data.get("text")
        self.problems: list[CardProblem] = validate_card(text) if text else []
        if self.is_broken and not self.cleaned_data.get("anyway"):
            self.add_error("text", [ValidationError(str(one), code="card") for one in errors_in(self.problems)])

    @property
    def is_broken(self) -> bool:
        """Whether the front matter as it was sent has errors: then the form offers to save it anyway."""
        return bool(errors_in(getattr(self, "problems", [])))
