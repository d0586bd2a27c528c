"""The forms of a case that have to do with its lane and with what is locked away."""

import uuid
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from foundation.text import clean_text
from moderation.cases.actions.evidence import SHORTEST_REASON
from moderation.cases.models import Case
from moderation.policy.models import Lane

LONGEST_REASON = 2_000
ORDINARY = "ordinary"


class ReasonForm(forms.Form):
    """Why; sealed beside the event."""

    too_short: Any = _("Say in a sentence why.")
    reason = forms.CharField(label=_("Why"), widget=forms.Textarea(attrs={"rows": 2, "maxlength": LONGEST_REASON}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].error_messages["required"] = self.too_short

    def clean_reason(self) -> str:
        text = clean_text(self.cleaned_data["reason"], longest=LONGEST_REASON)
        if len(text) < SHORTEST_REASON:
            raise forms.ValidationError(self.too_short)
        return text


class EscalateForm(ReasonForm):
    """Which lane, and why."""

    lane = forms.ChoiceField(label=_("Into the lane"), error_messages={"required": _("Choose a lane.")})
    field_order = ("lane", "reason")

    def __init__(self, *args: Any, case: Case, lanes: QuerySet[Lane], **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "escalate_%s", **kwargs})
        choices: list[tuple[str, Any]] = [(lane.code, str(lane)) for lane in lanes if lane.pk != case.lane_id]
        if case.lane_id:
            choices.append((ORDINARY, _("Back to the ordinary queue")))
        self.fields["lane"].choices = [("", _("Choose a lane")), *choices]  # type: ignore[attr-defined]
        self.lanes = {lane.code: lane for lane in lanes}

    def clean_lane(self) -> Lane | None:
        return self.lanes.get(self.cleaned_data["lane"])


class OpenForm(ReasonForm):
    """Why somebody has to see what is locked away; good for one look."""

    too_short = _("Say in a sentence why you have to open it.")
    request_id = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def renewed(self) -> "OpenForm":
        """The same words as a new request, with what was wrong about the one that was sent."""
        assert isinstance(self.data, QueryDict)
        data = self.data.copy()
        data["request_id"] = str(uuid.uuid4())
        self.data = data
        return self


class KeepForm(ReasonForm):
    """Whether the law keeps it although its time comes, and who asks for it."""

    too_short = _("Say in a sentence who asks for it, and under which number.")
    keep = forms.BooleanField(required=False, widget=forms.HiddenInput)
