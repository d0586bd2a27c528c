from django.contrib import admin
from django.http import HttpRequest

from foundation.admin import without_words
from moderation.scoring import classifiers_admin, hashes_admin  # noqa: F401 - registers
from moderation.scoring.models import ClassifierRevision, Score, ScoreRequest
from moderation.scoring.secrecy import sees_thresholds
from moderation.scoring.terms import admin as terms_admin  # noqa: F401 - registers
from moderation.subjects.admin import EvidenceAdmin


@admin.register(Score)
class ScoreAdmin(EvidenceAdmin):
    list_display = ("label", "value", "threshold", "counts", "snapshot_id", "revision", "created_at")
    list_filter = ("counts", "label")
    list_select_related = ("revision",)
    fields = (*list_display, "confident_threshold", "milliseconds")

    def has_view_permission(self, request: HttpRequest, obj: Score | None = None) -> bool:
        return sees_thresholds(request.user) and super().has_view_permission(request, obj)


@admin.register(ClassifierRevision)
class ClassifierRevisionAdmin(EvidenceAdmin):
    list_display = ("__str__", "classifier", "model", "precision", "first_used_at")


@admin.register(ScoreRequest)
class ScoreRequestAdmin(EvidenceAdmin):
    list_display = ("snapshot_id", "classifier", "due_at", "attempts", "error", "done_at")
    list_filter = ("classifier",)
    fields = list_display

    @admin.display(description="error")
    def error(self, request: ScoreRequest) -> str:
        return without_words(request.last_error)
