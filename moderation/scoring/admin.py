from django.contrib import admin
from django.http import HttpRequest

from moderation.scoring import classifiers_admin, hashes_admin  # noqa: F401 - registers
from moderation.scoring.models import ClassifierRevision, Score, ScoreRequest
from moderation.scoring.secrecy import sees_thresholds
from moderation.scoring.terms import admin as terms_admin  # noqa: F401 - registers
from moderation.subjects.admin import EvidenceAdmin


@admin.register(Score)
class ScoreAdmin(EvidenceAdmin):
    list_display = ("label", "value", "threshold", "counts", "snapshot", "revision", "created_at")
    list_filter = ("counts", "label")
    list_select_related = ("snapshot", "revision")

    def has_view_permission(self, request: HttpRequest, obj: Score | None = None) -> bool:
        return sees_thresholds(request.user) and super().has_view_permission(request, obj)


@admin.register(ClassifierRevision)
class ClassifierRevisionAdmin(EvidenceAdmin):
    list_display = ("__str__", "classifier", "model", "precision", "first_used_at")


@admin.register(ScoreRequest)
class ScoreRequestAdmin(EvidenceAdmin):
    list_display = ("snapshot", "classifier", "due_at", "attempts", "done_at")
    list_filter = ("classifier",)
    list_select_related = ("snapshot",)
