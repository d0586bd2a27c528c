"""Forms of the community tab. Each carries the id of its request: sent twice, it is one thing."""

import uuid
from http import HTTPStatus

from django import forms
from django.utils.translation import gettext_lazy as _

from community.actions import LONGEST_COMMENT, LONGEST_TITLE
from foundation.errors import Refused
from foundation.text import required_text


class TextForm(forms.Form):
    """Markdown, with what shows it before it is sent (templates/community/editor.html)."""

    text = forms.CharField(
        label=_("Your comment"),
        widget=forms.Textarea(
            attrs={"rows": 6, "data-send": "", "data-key": "r", "data-key-label": _("Write")},
        ),
        help_text=_("Markdown. @name calls somebody. Everybody can read it."),
    )

    def clean_text(self) -> str:
        return required_text(self.cleaned_data["text"], longest=LONGEST_COMMENT)


class CommentForm(TextForm):
    request_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)


class TitleForm(forms.Form):
    title = forms.CharField(label=_("Title"), help_text=_("What it is about, in one line."))

    def clean_title(self) -> str:
        return " ".join(required_text(self.cleaned_data["title"], longest=LONGEST_TITLE).split())


class DiscussionForm(CommentForm, TitleForm):
    field_order: tuple[str, ...] = ("title", "text")


def refuse(form: forms.Form, refused: Refused) -> int:
    """Say in `form` why it cannot be taken, so that what was written stays in it; returns the status of its page.

    Raises again what must look as if it were missing.
    """
    if refused.status == HTTPStatus.NOT_FOUND:
        raise refused
    form.add_error(None, str(refused))
    return refused.status
