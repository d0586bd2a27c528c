from django.contrib import admin

from moderation.cases.models import Case, Deadline, Decision, Event
from moderation.subjects.admin import EvidenceAdmin


@admin.register(Case)
class CaseAdmin(EvidenceAdmin):
    """Cases are worked on in the queue; here they are only looked at."""

    list_display = ("__str__", "clause", "state", "report_count", "assignee", "opened_at", "decided_at")
    list_filter = ("state", "kind", "subject_kind", "clause")
    list_select_related = ("clause", "assignee")
    search_fields = ("public_id",)


@admin.register(Event)
class EventAdmin(EvidenceAdmin):
    list_display = ("case", "number", "kind", "actor", "case_version", "at")
    list_filter = ("kind",)
    list_select_related = ("case", "actor")
    search_fields = ("case__public_id",)
    ordering = ("-id",)


@admin.register(Decision)
class DecisionAdmin(EvidenceAdmin):
    list_display = ("case", "outcome", "clause", "actor", "interim", "decided_at")
    list_filter = ("outcome", "interim")
    list_select_related = ("case", "clause", "actor")
    search_fields = ("public_id", "case__public_id")


@admin.register(Deadline)
class DeadlineAdmin(EvidenceAdmin):
    list_display = ("case", "kind", "due_at", "attempts", "done_at")
    list_select_related = ("case",)
