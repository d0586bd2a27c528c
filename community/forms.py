"""Forms of the community tab. Each carries the id of its request: sent twice, it is one thing."""

import uuid
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from community.actions import LONGEST_COMMENT, LONGEST_TITLE
from foundation.text import clean_text
from repositories.projections import LARGEST_CARD


class CommentForm(forms.Form):
    text = forms.CharField(
        label=_("Your comment"),
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Markdown. Everybody can read it."),
    )
    request_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def clean_text(self) -> str:
        return clean_text(self.cleaned_data["text"], longest=LONGEST_COMMENT)


class DiscussionForm(CommentForm):
    title = forms.CharField(label=_("Title"), help_text=_("What it is about, in one line."))
    field_order: tuple[str, ...] = ("title", "text")

    def clean_title(self) -> str:
        return " ".join(clean_text(self.cleaned_data["title"], longest=LONGEST_TITLE).split())


class SuggestionForm(DiscussionForm):
    """Another card for a repository, and why (B1)."""

    card = forms.CharField(
        label=_("Card (README.md)"),
        widget=forms.Textarea(attrs={"rows": 20, "class": "hash"}),
        help_text=_("Change what should be changed. The owner sees the difference, and decides."),
    )
    parent = forms.CharField(widget=forms.HiddenInput, max_length=40, required=False)
    field_order = ("title", "card", "text")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("Why do you suggest it?")

    def clean_card(self) -> str:
        return clean_text(self.cleaned_data["card"], longest=LARGEST_CARD) + "\n"
