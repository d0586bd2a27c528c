"""Appeals for administrators: where they stand; who contests it and what is said stands with the case (C1, G2, J6)."""

from django.contrib import admin

from foundation.admin import ReadOnly
from moderation.appeals.models import Appeal, AppealLimit
from moderation.subjects.admin import link_to_case


@admin.register(Appeal)
class AppealAdmin(ReadOnly):
    list_display = ("public_id", "state", "first_decider", "decided_by", "created_at", "decided_at")
    list_select_related = ("first_decider", "decided_by")
    list_filter = ("state", "bad_faith")
    search_fields = ("public_id", "case__public_id")
    date_hierarchy = "created_at"
    fields = ("page", *list_display, "waits_for", "answer_until", "bad_faith")

    @admin.display(description="case")
    def page(self, appeal: Appeal) -> str:
        return link_to_case(appeal.case)


@admin.register(AppealLimit)
class AppealLimitAdmin(ReadOnly):
    """Lifted by the team's page of the person, or the API, where it is recorded by whom."""

    list_display = ("pk", "per_day", "starts_at", "ends_at", "lifted_at", "lifted_by")
    list_select_related = ("lifted_by",)
    fields = list_display
