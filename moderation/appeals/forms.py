from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from moderation.appeals.models import Appeal
from moderation.reports.forms import WordsField


class AppealForm(forms.Form):
    """Why the decision is wrong (G2)."""

    use_required_attribute = False
    text = WordsField(
        label=_("Why do you think that we are wrong?"),
        help_text=_("What we overlooked, misunderstood or should weigh differently. Up to 5,000 characters."),
        error_messages={"required": _("Tell us why, in a sentence or more.")},
    )


class AnswerForm(forms.Form):
    """The team's answer to an appeal, which the appellant reads (G2)."""

    use_required_attribute = False
    appeal = forms.UUIDField(widget=forms.HiddenInput)
    state = forms.ChoiceField(
        label=_("Your answer"),
        widget=forms.RadioSelect,
        choices=[
            (Appeal.State.UPHELD, _("We were wrong")),
            (Appeal.State.REJECTED, _("The decision stands")),
        ],
        error_messages={"required": _("Choose whether the decision stands.")},
    )
    answer = WordsField(
        label=_("Your words to the person"),
        error_messages={"required": _("Explain your answer in a sentence: the person will read it.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Several appeals may stand on one page: ids of one form must not be those of another.
        self.auto_id = f"{self['appeal'].value()}_%s"
