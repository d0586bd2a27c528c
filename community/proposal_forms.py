"""Forms of pull requests: a card to propose, the words of a merge (B1)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from community.actions import LONGEST_COMMENT, LONGEST_TITLE
from community.forms import DiscussionForm
from foundation.text import clean_text
from repositories.projections import LARGEST_CARD


class ProposedCardForm(forms.Form):
    """README.md as a whole, with the commit it was opened at.

    `before` is the card at that commit: the same card again is refused, unless it `may_stay`. `owns` is whether who
    writes it decides about it as well.
    """

    card = forms.CharField(
        label=_("Card (README.md)"),
        widget=forms.Textarea(attrs={"rows": 20, "class": "hash"}),
        help_text=_("Change what should be changed. The owner sees the difference, and decides."),
    )
    parent = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)

    before = ""
    may_stay = False

    def __init__(self, *args: Any, owns: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if owns:
            self.fields["card"].help_text = _("Change what should be changed. You see the difference, and decide.")

    def clean_card(self) -> str:
        """With the line ends that the card had, so that only what changed differs."""
        card = clean_text(self.cleaned_data["card"], longest=LARGEST_CARD) + "\n"
        if not self.may_stay and card.split() and card.strip() == self.before.replace("\r\n", "\n").strip():
            raise forms.ValidationError(_("This is the card as it is now. Change something in it."), code="unchanged")
        return card.replace("\n", "\r\n") if "\r\n" in self.before else card


class EditCardForm(ProposedCardForm):
    """The card of a pull request; `main` is the head of main that a conflict was shown with."""

    main = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)


class SuggestionForm(DiscussionForm, ProposedCardForm):
    """Another card for a repository, and why (B1)."""

    field_order = ("title", "card", "text")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("Why do you suggest it?")


class MergeForm(forms.Form):
    """The words of the commit that merges; without any, title and number of the pull request."""

    title = forms.CharField(label=_("Title of the commit"), required=False)
    message = forms.CharField(label=_("Description"), widget=forms.Textarea(attrs={"rows": 3}), required=False)

    def clean_title(self) -> str:
        # The number of the pull request stands behind a title that may be as long as one can be.
        return " ".join(clean_text(self.cleaned_data["title"], longest=LONGEST_TITLE + 20).split())

    def clean_message(self) -> str:
        return clean_text(self.cleaned_data["message"], longest=LONGEST_COMMENT)

    @property
    def words(self) -> str:
        """What the commit says; "" when nothing was written."""
        values = self.cleaned_data
        return "\n\n".join(part for part in (values["title"], values["message"]) if part)
