from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from moderation.policy.models import GuardedMeasure
from moderation.sanctions.measures import DECIDED
from moderation.sanctions.models import Measure, StandingCondition, StatementOfReasons
from moderation.subjects.admin import EvidenceAdmin


@admin.register(Measure)
class MeasureAdmin(EvidenceAdmin):
    """Measures are imposed and lifted by their actions, which tell people; here they are only looked at.

    Whom they concern and in which words stands on the page of the case: sanctions are private (F1).
    """

    list_display = ("public_id", "kind", "clause", "actor", "interim", "starts_at", "ends_at", "lifted_at")
    list_filter = ("kind", "automated", "interim", "until_done")
    list_select_related = ("clause", "actor")
    search_fields = ("public_id",)
    fields = (
        "public_id", "kind", "clause", "policy_version", "actor", "automated", "interim", "starts_at", "ends_at",
        "until_done", "lifted_at", "lifted_by",
    )  # fmt: skip


@admin.register(StandingCondition)
class StandingConditionAdmin(EvidenceAdmin):
    """Decisions set them, and the page of the case withdraws them, which tells people."""

    list_display = (
        "public_id", "condition", "clause", "actor", "created_at", "kept_since", "broken_at", "withdrawn_at",
    )  # fmt: skip
    list_filter = ("condition", ("withdrawn_at", admin.EmptyFieldListFilter))
    list_select_related = ("clause", "actor")
    search_fields = ("public_id", "decision_id")
    fields = (*list_display, "decision_id", "withdrawn_by")


@admin.register(StatementOfReasons)
class StatementOfReasonsAdmin(EvidenceAdmin):
    """That there is one, and by when it can be contested; to whom and in which words, its recipient knows (G1)."""

    list_display = ("public_id", "clause", "automated_decision", "created_at", "contest_until")
    list_filter = ("automated_decision", "automated_detection")
    list_select_related = ("clause",)
    search_fields = ("public_id", "decision_id")
    fields = (*list_display, "automated_detection", "policy_version", "decision_id")


class GuardedMeasureForm(forms.ModelForm):  # type: ignore[type-arg]
    """One of the kinds that a decision takes: no other is ever waited for."""

    kind = forms.ChoiceField(label=_("measure"))

    class Meta:
        model = GuardedMeasure
        fields = ("kind",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "kind" in self.fields:
            guarded = set(GuardedMeasure.objects.values_list("kind", flat=True))
            choices = [(code, kind.label) for code, kind in DECIDED.items() if code not in guarded]
            self.fields["kind"].choices = choices  # type: ignore[attr-defined]


@admin.register(GuardedMeasure)
class GuardedMeasureAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Which kinds another moderator confirms (D1): put in and taken out, each of which stands in the history.

    Here and not beside the other data of the policy, which knows no kinds. What waits already goes on waiting.
    """

    form = GuardedMeasureForm
    list_display = ("kind", "label")
    ordering = ("kind",)

    @admin.display(description=_("measure"))
    def label(self, row: GuardedMeasure) -> str:
        return DECIDED[row.kind].label if row.kind in DECIDED else ""

    def has_change_permission(self, request: HttpRequest, obj: GuardedMeasure | None = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: GuardedMeasure | None = None) -> bool:
        return super().has_view_permission(request, obj) or super().has_change_permission(request, obj)
