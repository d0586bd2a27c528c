from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.html import format_html

from foundation.admin import without_words
from moderation.subjects.models import Erasure, Snapshot, Subject


def link_to_case(case: Any) -> str:
    """A link to the page of `case`, which asks who may read it and keeps who did (C1, C9, J6); "" for none."""
    return format_html('<a href="{}">{}</a>', case.get_absolute_url(), case.public_id) if case is not None else ""


class EvidenceAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Evidence is looked at: nobody adds, changes or deletes it here, superusers included (J6)."""

    # A count of everything would make every page of a long list slow.
    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Subject)
class SubjectAdmin(EvidenceAdmin):
    """That something was reported or decided about; what it is stands on the page of its case (C1, C9)."""

    list_display = ("public_id", "kind", "created_at")
    search_fields = ("public_id",)
    fields = list_display


@admin.register(Snapshot)
class SnapshotAdmin(EvidenceAdmin):
    """That there is one, and since when; its words are read on the page of a case (C1, C9)."""

    list_display = ("pk", "taken_at", "sealed", "erased")
    list_filter = ("sealed", "erased")
    search_fields = ("subject__public_id",)
    fields = ("pk", "taken_at", "sealed", "erased", "case_page")

    @admin.display(description="case")
    def case_page(self, snapshot: Snapshot) -> str:
        report = snapshot.reports.select_related("case_report__case").order_by("-pk").first()
        joined = getattr(report, "case_report", None)
        return link_to_case(joined.case if joined else None)


@admin.register(Erasure)
class ErasureAdmin(EvidenceAdmin):
    """Where it stands, and what went wrong where a step waits for its next try (C6)."""

    list_display = (
        "public_id", "preserves", "ordered_at", "due_at", "steps", "attempts", "error", "done_at", "cancelled_at",
    )  # fmt: skip
    search_fields = ("public_id",)
    fields = list_display

    @admin.display(description="error")
    def error(self, erasure: Erasure) -> str:
        return without_words(erasure.last_error)
