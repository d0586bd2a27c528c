"""Forms of the community tab. Each carries the id of its request: sent twice, it is one thing."""

import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

from community.actions import LONGEST_COMMENT, LONGEST_TITLE
from foundation.text import clean_text


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
    field_order = ("title", "text")

    def clean_title(self) -> str:
        return " ".join(clean_text(self.cleaned_data["title"], longest=LONGEST_TITLE).split())
