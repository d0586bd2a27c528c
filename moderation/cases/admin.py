from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from foundation.admin import without_words
from foundation.errors import Refused
from moderation.cases.actions import legal_holds
from moderation.cases.actions.formula import change_weights
from moderation.cases.models import Case, Deadline, Decision, Event, Formula
from moderation.cases.weights import MOST, WEIGHTS, newest
from moderation.subjects.admin import EvidenceAdmin, link_to_case
from moderation.subjects.models import LegalHold


@admin.register(Case)
class CaseAdmin(EvidenceAdmin):
    """Where cases stand; they are worked on in the queue, and read on their page, which keeps who did (C1, C9)."""

    list_display = ("__str__", "clause", "state", "report_count", "assignee", "opened_at", "decided_at")
    list_filter = ("state", "kind", "subject_kind", "clause")
    list_select_related = ("clause", "assignee")
    search_fields = ("public_id",)
    fields = (
        "public_id", "page", "kind", "state", "clause", "track", "lane", "version", "report_count", "assignee",
        "opened_at", "due_at", "decided_at",
    )  # fmt: skip

    @admin.display(description="case")
    def page(self, case: Case) -> str:
        return link_to_case(case)


@admin.register(Event)
class EventAdmin(EvidenceAdmin):
    """That something happened, and when. Whose act it was names reporters: that stands on the page of the case (C1)."""

    list_display = ("case", "number", "kind", "case_version", "at")
    list_filter = ("kind",)
    list_select_related = ("case",)
    fields = ("page", "number", "kind", "case_version", "at")
    search_fields = ("case__public_id",)
    ordering = ("-id",)

    @admin.display(description="case")
    def page(self, event: Event) -> str:
        return link_to_case(event.case)


@admin.register(Decision)
class DecisionAdmin(EvidenceAdmin):
    """What was decided and by whom of us; why stands on the page of the case (C1)."""

    list_display = ("public_id", "case", "outcome", "clause", "actor", "interim", "decided_at")
    list_filter = ("outcome", "interim")
    list_select_related = ("case", "clause", "actor")
    search_fields = ("public_id", "case__public_id")
    fields = (
        "public_id", "page", "outcome", "clause", "policy_version", "actor", "interim", "decided_at", "undone_at",
        "overturned", "overturned_at",
    )  # fmt: skip

    @admin.display(description="case")
    def page(self, decision: Decision) -> str:
        return link_to_case(decision.case)


@admin.register(Deadline)
class DeadlineAdmin(EvidenceAdmin):
    list_display = ("case", "kind", "due_at", "attempts", "error", "done_at")
    list_select_related = ("case",)
    fields = ("page", "kind", "due_at", "settled_at", "attempts", "error", "done_at")

    @admin.display(description="case")
    def page(self, deadline: Deadline) -> str:
        return link_to_case(deadline.case)

    @admin.display(description="error")
    def error(self, deadline: Deadline) -> str:
        return without_words(deadline.last_error)


class WeightsForm(forms.ModelForm):  # type: ignore[type-arg]
    """A number for every term of the priority; those in force stand there already."""

    class Meta:
        model = Formula
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for code, (label, value) in _terms().items():
            self.fields[code] = forms.FloatField(label=label, min_value=0, max_value=MOST, initial=value)

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if not self.errors and values == dict(newest().of):
            raise ValidationError(_("These are the weights in force. Change at least one."), code="same")
        return values


@admin.register(Formula)
class FormulaAdmin(EvidenceAdmin):
    """A new version of the weights is the one thing to do here; what held before stays as it was (D4)."""

    list_display = ("version", "created_at", "actor")
    list_select_related = ("actor",)
    ordering = ("-version",)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm("cases.add_formula")

    def get_form(self, request: HttpRequest, obj: Formula | None = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(request, obj, change, **kwargs) if change else WeightsForm

    def get_fields(self, request: HttpRequest, obj: Formula | None = None) -> Any:
        return ["version", "created_at", "actor", "weights"] if obj else list(WEIGHTS)

    def save_model(self, request: HttpRequest, obj: Formula, form: Any, change: bool) -> None:
        assert request.user.is_authenticated
        written = change_weights({code: form.cleaned_data[code] for code in WEIGHTS}, actor=request.user)
        obj.pk, obj.version = written.pk, written.version


class LiftHoldForm(ActionForm):
    reason = forms.CharField(label=_("Why it is lifted"), required=False, max_length=2_000)


@admin.register(LegalHold)
class LegalHoldAdmin(EvidenceAdmin):
    """Placed with a reason, and lifted with one, by actions that write an event; never changed or deleted (M2).

    What it holds and why stands with these events, on the page of the case.
    """

    action_form = LiftHoldForm
    actions = ("lift",)
    list_display = ("public_id", "subject", "placed_by", "placed_at", "lifted_by", "lifted_at")
    list_select_related = ("subject", "placed_by", "lifted_by")
    raw_id_fields = ("subject",)
    search_fields = ("public_id", "subject__public_id")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return request.user.has_perm(legal_holds.PERMISSION)

    def get_fields(self, request: HttpRequest, obj: LegalHold | None = None) -> Any:
        return self.list_display if obj else ("subject", "reason")

    def save_model(self, request: HttpRequest, obj: LegalHold, form: Any, change: bool) -> None:
        assert request.user.is_authenticated
        placed = legal_holds.place_legal_hold(obj.subject, reason=obj.reason, actor=request.user)
        obj.pk, obj.public_id = placed.pk, placed.public_id

    @admin.action(description=_("Lift the legal hold, for the reason beside"))
    def lift(self, request: HttpRequest, chosen: QuerySet[LegalHold]) -> None:
        assert request.user.is_authenticated
        try:
            for hold in chosen.order_by("pk"):
                legal_holds.lift_legal_hold(hold, reason=request.POST.get("reason", ""), actor=request.user)
        except Refused as refusal:
            self.message_user(request, str(refusal), messages.ERROR)


def _terms() -> dict[str, tuple[Any, float]]:
    """What each weight means, and what it is now."""
    now = newest().of
    return {code: (label, now[code]) for code, label in LABELS.items()}


LABELS: dict[str, Any] = {
    "severity": _("a point of severity, 1 to 5"),
    "score": _("the highest score, 0 to 1"),
    "reporters": _("a doubling of the people who reported it, by reliability"),
    "reporters_most": _("people who reported it: at most"),
    "reach": _("a tenfold of likes and downloads"),
    "reach_most": _("likes and downloads: at most"),
    "trend": _("a tenfold of likes and downloads of these days"),
    "trend_most": _("likes and downloads of these days: at most"),
    "lane": _("a point of the lane"),
    "interim": _("a rule acted and nobody reviewed it"),
    "contested": _("somebody contests what a rule did"),
    "deadline": _("it has a deadline"),
    "window_over": _("the owner’s time to answer is over"),
    "overdue": _("its deadline has passed"),
    "waiting": _("an hour of waiting"),
}
