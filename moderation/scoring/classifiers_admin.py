from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from foundation import bells
from foundation.errors import Refused
from moderation.scoring.classifiers_forms import ClassifierForm, ClassifierLabelForm, ClassifierLabelFormSet
from moderation.scoring.loading import mend
from moderation.scoring.models import Classifier, ClassifierLabel
from moderation.scoring.versions import retire, take_over, try_out


class ClassifierLabelInline(admin.TabularInline):  # type: ignore[type-arg]
    model = ClassifierLabel
    form = ClassifierLabelForm
    formset = ClassifierLabelFormSet
    extra = 1
    autocomplete_fields = ("clause",)


@admin.register(Classifier)
class ClassifierAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """New versions begin on trial; what one is changes by a further version, which can be compared before it counts.

    While it never scored, on trial or disabled, it can be corrected.
    """

    form = ClassifierForm
    inlines = (ClassifierLabelInline,)
    list_display = ("code", "kind", "engine", "model", "state", "state_since", "failure", "declared")
    list_filter = ("kind", "state", "engine")
    readonly_fields = ("state", "state_since", "failure", "failed_at", "declared")
    actions = ("let_take_over", "put_on_trial", "put_away", "try_again")

    def has_change_permission(self, request: HttpRequest, obj: Classifier | None = None) -> bool:
        """What counts already, and what the settings say, is changed by a further version, or there."""
        fixed = obj is not None and (obj.declared or (obj.state != Classifier.State.TRIAL and not obj.failure))
        return not fixed and super().has_change_permission(request, obj)

    def get_readonly_fields(self, request: HttpRequest, obj: Classifier | None = None) -> Any:
        """What waits for it, and what it scored, carries its name and version."""
        fixed = () if obj is None else ("name", "version")
        return (*super().get_readonly_fields(request, obj), *fixed)

    def has_delete_permission(self, request: HttpRequest, obj: Classifier | None = None) -> bool:
        return False

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        mend(form.instance)
        bells.ring("score_pending")

    @admin.action(description=_("Have it take over: its scores count from now on"), permissions=["change"])
    def let_take_over(self, request: HttpRequest, rows: QuerySet[Classifier]) -> None:
        self._each(request, rows, take_over)

    @admin.action(description=_("Run it on trial, beside the active version"), permissions=["change"])
    def put_on_trial(self, request: HttpRequest, rows: QuerySet[Classifier]) -> None:
        self._each(request, rows, try_out)

    @admin.action(description=_("Retire it: it is asked no more"), permissions=["change"])
    def put_away(self, request: HttpRequest, rows: QuerySet[Classifier]) -> None:
        self._each(request, rows, retire)

    @admin.action(description=_("Try to load it again at once"), permissions=["change"])
    def try_again(self, request: HttpRequest, rows: QuerySet[Classifier]) -> None:
        self._each(request, rows, lambda row, actor: mend(row))
        bells.ring("score_pending")

    def _each(self, request: HttpRequest, rows: QuerySet[Classifier], do: Any) -> None:
        assert isinstance(request.user, User)
        done = 0
        for row in rows:
            try:
                do(row, actor=request.user)
                done += 1
            except Refused as refusal:
                self.message_user(request, f"{row}: {refusal}", messages.ERROR)
        if done:
            words = ngettext("%(count)s classifier changed.", "%(count)s classifiers changed.", done)
            self.message_user(request, words % {"count": done})
