"""Forms of the owners' tools (B2)."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.queries import people_named
from community.models import Block, TabSettings
from foundation.text import clean_text

LONGEST_NOTE = Block._meta.get_field("note").max_length or 0


class BlockForm(forms.Form):
    """Whom to block; `name` is turned into the person."""

    name = forms.CharField(
        label=_("Name"),
        max_length=97,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    note = forms.CharField(
        label=_("Note"), required=False, help_text=_("Why, for yourself: only the owner side reads it.")
    )

    def clean_name(self) -> User:
        name = self.cleaned_data["name"].strip().removeprefix("@")
        user = people_named([name.lower()]).first()
        if user is None:
            raise ValidationError(_("There is no person of this name here."), code="not_found")
        return user

    def clean_note(self) -> str:
        return " ".join(clean_text(self.cleaned_data["note"], longest=LONGEST_NOTE).split())


class TabForm(forms.Form):
    """Whether the tab is on, and for whom."""

    on = forms.TypedChoiceField(
        label=_("Community tab"),
        choices=[
            ("yes", _("On: everybody who sees the repository reads it")),
            ("no", _("Off: nobody posts, and only the owner side and our team see what people opened")),
        ],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
        help_text=_("What a report or our team opened stays open and visible to everybody."),
    )
    newcomers = forms.TypedChoiceField(
        label=_("Who posts in it"),
        choices=[(days, capfirst(label)) for days, label in TabSettings.Newcomers.choices],
        coerce=int,
        widget=forms.RadioSelect,
        help_text=_("Members of the owner side always may. Newer accounts read why, and when they can post here."),
    )


class CloseAllForm(forms.Form):
    """That somebody means it: `count` is how many discussions are open now."""

    sure = forms.BooleanField()

    def __init__(self, count: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.count = count
        words = ngettext("Close %(count)s discussion now", "Close all %(count)s discussions now", count)
        self.fields["sure"].label = words % {"count": count}
