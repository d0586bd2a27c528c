import uuid
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from moderation.policy.models import Clause
from moderation.policy.queries import active_clauses
from moderation.reports.forms import WordsField
from moderation.reports.models import Report


class ReportForm(forms.Form):
    """Which clause, why, against the rules or the law, and who may learn of it (C1, C2)."""

    use_required_attribute = False
    # The radio buttons lie in folded groups, and browsers cannot point into those: the server says what is missing.

    clause: "forms.ModelChoiceField[Clause]" = forms.ModelChoiceField(
        label=_("What is wrong?"),
        queryset=active_clauses(),
        to_field_name="code",
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what is wrong. If nothing fits, choose “Something else”."),
            "invalid_choice": _("This choice does not exist any more. Please choose another one."),
        },
    )
    text = WordsField(
        label=_("Why do you think so?"),
        help_text=_("Where exactly, what happened, who is harmed: as much as you know. Up to 5,000 characters."),
        error_messages={"required": _("Tell us why, in a sentence or more.")},
    )
    ground = forms.ChoiceField(
        label=_("Is it against our rules, or against the law?"),
        choices=Report.Ground.choices,
        initial=Report.Ground.RULES,
        widget=forms.RadioSelect,
        help_text=_("If you think it is against the law, say above which law, and in which country."),
    )
    good_faith = forms.BooleanField(
        label=_("I believe in good faith that what I tell you is accurate and complete"),
        required=False,
        help_text=_("We need this only if you think that it is against the law."),
    )
    confidential = forms.BooleanField(
        label=_("Keep my report between me and the team"),
        required=False,
        help_text=_("No public discussion is opened, and nobody but the team learns that you reported."),
    )
    request_id = forms.UUIDField(
        widget=forms.HiddenInput,
        initial=uuid.uuid4,
        error_messages={"required": _("Please load the page again."), "invalid": _("Please load the page again.")},
    )

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kind != "repository":
            # There is no choice: nobody but the team learns of it (C2).
            del self.fields["confidential"]

    def renew(self) -> None:
        """Keep what was written as a new request: the form was sent before with another report in it."""
        assert isinstance(self.data, QueryDict)
        data = self.data.copy()
        data["request_id"] = str(uuid.uuid4())
        self.data = data

    def clean(self) -> dict[str, Any]:
        """A notice of something unlawful needs a statement of good faith (legal-facts.md, notices)."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if values.get("ground") == Report.Ground.LAW and not values.get("good_faith"):
            self.add_error(
                "good_faith", _("Please confirm this: the law wants it from whoever reports a breach of it.")
            )
        return values
