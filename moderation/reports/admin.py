"""Reports for administrators: evidence, so only to be read (J6)."""

from django.contrib import admin

from foundation.admin import ReadOnly
from moderation.reports.models import Report


@admin.register(Report)
class ReportAdmin(ReadOnly):
    list_display = ("public_id", "clause", "reporter", "subject_kind", "state", "confidential", "channel", "created_at")
    list_select_related = ("clause", "reporter", "subject")
    list_filter = ("state", "confidential", "channel", "ground", "clause")
    search_fields = ("public_id", "reporter__username")
    date_hierarchy = "created_at"

    @admin.display(description="about")
    def subject_kind(self, report: Report) -> str:
        return report.subject.kind
