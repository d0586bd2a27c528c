from django import forms
from django.utils.translation import gettext_lazy as _

from community.models import MailChoice

Rhythm = MailChoice.Rhythm


class RhythmForm(forms.Form):
    """How often a person wants mails about discussions."""

    rhythm = forms.ChoiceField(
        label=_("Mails about discussions"),
        choices=[
            (Rhythm.SOON, _("Soon: about 15 minutes after something was written, what came together in one mail.")),
            (Rhythm.DAILY, _("Once a day: at 08:00 in your time zone, when there is something new.")),
            (Rhythm.WEEKLY, _("Once a week: on Mondays at 08:00 in your time zone, when there is something new.")),
            (Rhythm.NEVER, _("Never: you find everything in your inbox here.")),
        ],
        widget=forms.RadioSelect,
        help_text=_("What you read here in the meantime is in no mail. Decisions of our team we always send at once."),
    )
