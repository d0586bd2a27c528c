from django.contrib import admin

from moderation.sanctions.models import Measure, StandingCondition, StatementOfReasons
from moderation.subjects.admin import EvidenceAdmin


@admin.register(Measure)
class MeasureAdmin(EvidenceAdmin):
    """Measures are imposed and lifted by their actions, which tell people; here they are only looked at."""

    list_display = ("kind", "person", "clause", "actor", "interim", "starts_at", "ends_at", "lifted_at")
    list_filter = ("kind", "automated", "interim", "until_done")
    list_select_related = ("person", "clause", "actor")
    search_fields = ("public_id", "person__username")


@admin.register(StandingCondition)
class StandingConditionAdmin(EvidenceAdmin):
    """Decisions set them, and the page of the case withdraws them, which tells people."""

    list_display = ("subject", "condition", "clause", "actor", "created_at", "kept_since", "broken_at", "withdrawn_at")
    list_filter = ("condition", ("withdrawn_at", admin.EmptyFieldListFilter))
    list_select_related = ("subject__repository__namespace", "clause", "actor")
    search_fields = ("public_id", "subject__repository__name", "subject__repository__namespace__name")


@admin.register(StatementOfReasons)
class StatementOfReasonsAdmin(EvidenceAdmin):
    list_display = ("recipient", "clause", "automated_decision", "created_at", "contest_until")
    list_filter = ("automated_decision", "automated_detection")
    list_select_related = ("recipient", "clause")
    search_fields = ("public_id", "recipient__username")
