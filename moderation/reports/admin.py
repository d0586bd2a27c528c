"""Reports for administrators: where they stand, never what they say or who sent them (C1, C9, J6); and whom we trust.

Their words are read on the page of the case, which asks who may, and keeps who did.
"""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from foundation import clock
from foundation.admin import ReadOnly
from moderation.reports.actions.flaggers import faults_of
from moderation.reports.models import (
    CounterStatement,
    PreservedFile,
    Report,
    ReportingLimit,
    RightsClaim,
    TrustedFlagger,
)
from moderation.subjects.admin import link_to_case


def _link_to_case_of(report: Report) -> str:
    joined = getattr(report, "case_report", None)
    return link_to_case(joined.case if joined else None)


@admin.register(Report)
class ReportAdmin(ReadOnly):
    list_display = ("public_id", "clause", "subject_kind", "state", "confidential", "channel", "created_at")
    list_select_related = ("clause", "subject")
    list_filter = ("state", "confidential", "channel", "ground", "trusted", "bad_faith", "clause")
    search_fields = ("public_id",)
    date_hierarchy = "created_at"
    fields = (
        "public_id", "case_page", "clause", "subject_kind", "state", "confidential", "channel", "ground", "trusted",
        "bad_faith", "created_at", "changed_at", "closed_at",
    )  # fmt: skip

    @admin.display(description="case")
    def case_page(self, report: Report) -> str:
        return _link_to_case_of(report)

    @admin.display(description="about")
    def subject_kind(self, report: Report) -> str:
        return report.subject.kind


@admin.register(RightsClaim)
class RightsClaimAdmin(ReadOnly):
    list_display = ("report", "right")
    list_select_related = ("report",)
    list_filter = ("right",)
    search_fields = ("report__public_id",)
    fields = ("report", "right", "case_page")

    @admin.display(description="case")
    def case_page(self, claim: RightsClaim) -> str:
        return _link_to_case_of(claim.report)


@admin.register(CounterStatement)
class CounterStatementAdmin(ReadOnly):
    list_display = ("public_id", "created_at", "restore_at", "suit_filed_at", "restored_at")
    fields = list_display


@admin.register(PreservedFile)
class PreservedFileAdmin(ReadOnly):
    """What is kept for the authorities: that it is, and until when; what it is, nobody reads here (C9)."""

    list_display = ("public_id", "size", "created_at", "until", "destroyed_at")
    list_select_related = ("quarantine",)
    fields = list_display

    def until(self, kept: PreservedFile) -> datetime:
        return kept.quarantine.due_at

    def destroyed_at(self, kept: PreservedFile) -> datetime | None:
        return kept.quarantine.done_at


@admin.register(ReportingLimit)
class ReportingLimitAdmin(ReadOnly):
    """Lifted on the page of the person, where it is recorded; whose it is says that they report (C1)."""

    list_display = ("pk", "per_day", "starts_at", "ends_at", "lifted_at", "lifted_by")
    list_select_related = ("lifted_by",)
    fields = list_display


class FlaggerForm(forms.ModelForm):  # type: ignore[type-arg]
    def clean(self) -> dict[str, Any] | None:
        """What is trusted begins before it ends, and guests are nobody's organization."""
        values = super().clean() or self.cleaned_data
        since = values.get("since") or self.instance.since
        beginning = None if hasattr(since, "resolve_expression") else since
        if faults := faults_of(values.get("user"), beginning, values.get("until")):
            raise ValidationError(faults)
        return values


@admin.register(TrustedFlagger)
class TrustedFlaggerAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Whom we trust for which clauses, from when until when; never deleted: it ends by its date."""

    form = FlaggerForm
    list_display = ("organization", "user", "since", "until")
    list_select_related = ("user",)
    search_fields = ("organization", "user__username")
    autocomplete_fields = ("user",)
    filter_horizontal = ("clauses",)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        return {"since": clock.now()}

    def has_delete_permission(self, request: HttpRequest, obj: TrustedFlagger | None = None) -> bool:
        return False
