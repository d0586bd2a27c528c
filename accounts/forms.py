"""Forms of a person's own account."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import NfaaPreference, Scope, User
from accounts.names import clean_name
from accounts.zones import zone_choices
from foundation.text import clean_text


class ProfileForm(forms.Form):
    fullname = forms.CharField(
        label=_("Full name"), max_length=100, required=False, help_text=_("Shown beside your user name.")
    )
    bio = forms.CharField(
        label=_("About you"),
        required=False,
        widget=forms.Textarea,
        help_text=_("Shown on your profile, in Markdown."),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        help_text=_("For pages, and for everything we write to you."),
    )
    time_zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=zone_choices,
        help_text=_("Times on pages and in what we write to you are given in this zone."),
    )

    def clean_fullname(self) -> str:
        return clean_text(self.cleaned_data["fullname"], longest=100)

    def clean_bio(self) -> str:
        return clean_text(self.cleaned_data["bio"], longest=2000)


class ContentForm(forms.Form):
    """What to do with repositories that are not for all audiences (A4)."""

    nfaa = forms.ChoiceField(
        label=_("Repositories that are not for all audiences"),
        choices=[
            (NfaaPreference.ASK, _("Ask me first: lists show them with their tag, and each asks before it opens.")),
            (NfaaPreference.SHOW, _("Always show them: lists show them with their tag, and they open at once.")),
            (NfaaPreference.NEVER, _("Never list them: they are in no list and no search of mine, except my own.")),
        ],
        widget=forms.RadioSelect,
        help_text=_("They carry the tag because their owner or our team says that they may disturb."),
    )


class TokenForm(forms.Form):
    """Takes the user it is for: only the team is offered the scope “moderate”."""

    name = forms.CharField(label=_("What is it for?"), max_length=100, help_text=_("So that you know it again."))
    scope = forms.ChoiceField(
        label=_("What may it do?"), choices=Scope.choices, initial=Scope.READ, widget=forms.RadioSelect
    )
    days = forms.TypedChoiceField(
        label=_("How long does it hold?"),
        choices=[(30, _("30 days")), (90, _("90 days")), (365, _("a year"))],
        coerce=int,
        initial=90,
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not user.is_team:
            field = self.fields["scope"]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [choice for choice in Scope.choices if choice[0] != Scope.MODERATE]

    def clean_name(self) -> str:
        return clean_text(self.cleaned_data["name"], longest=100)


class NameForm(forms.Form):
    name = forms.CharField(
        label=_("Another name"),
        max_length=96,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
        help_text=_("Everybody sees it; it is part of the address of what is published. You can choose it once."),
    )

    def clean_name(self) -> str:
        return clean_name(self.cleaned_data["name"])
