"""Clauses can be changed, versions posted; neither is ever deleted: decisions cite them (J1)."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminSplitDateTime
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from foundation import changes
from foundation.errors import Refused
from moderation.policy.actions import post_version, require_notice
from moderation.policy.models import Clause, Lane, PolicyVersion


@admin.register(Clause)
class ClauseAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("title", "track", "severity", "publicity", "second_moderator", "active", "order")
    list_filter = ("track", "severity", "publicity", "active")
    search_fields = ("code", "title", "text")

    def get_readonly_fields(self, request: HttpRequest, obj: Clause | None = None) -> tuple[str, ...]:
        return ("code",) if obj else ()

    def save_model(self, request: HttpRequest, obj: Clause, form: Any, change: bool) -> None:
        """Its cases in the queue are computed again when its severity changed (D4)."""
        super().save_model(request, obj, form, change)
        if change and "severity" in form.changed_data:
            changes.tell("clause.changed", obj.pk, actor_id=request.user.pk)

    def has_delete_permission(self, request: HttpRequest, obj: Clause | None = None) -> bool:
        return False


@admin.register(Lane)
class LaneAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Lanes can be changed and added; none is ever deleted: cases lie in them."""

    list_display = ("title", "order", "group", "hold", "sealed", "decide_within", "points")

    def get_readonly_fields(self, request: HttpRequest, obj: Lane | None = None) -> tuple[str, ...]:
        return ("code",) if obj else ()

    def save_model(self, request: HttpRequest, obj: Lane, form: Any, change: bool) -> None:
        """Cases in lanes are computed again when its points or its place changed, or who sees its cases (C9, D4)."""
        super().save_model(request, obj, form, change)
        if {"points", "order", "group"} & set(form.changed_data):
            changes.tell("lane.changed", obj.pk, actor_id=request.user.pk)

    def has_delete_permission(self, request: HttpRequest, obj: Lane | None = None) -> bool:
        return False


class VersionForm(forms.ModelForm):  # type: ignore[type-arg]
    effective_at = forms.SplitDateTimeField(
        label=_("takes effect"),
        widget=AdminSplitDateTime,
        required=False,
        help_text=_("Empty: ten days from now. Never sooner."),
    )

    contest_days = forms.IntegerField(
        label=_("days in which a decision can be contested"),
        min_value=1,
        max_value=3_650,
        required=False,
        help_text=_("Empty: as many as before. The law of the EU asks for six months at least."),
    )

    redress = forms.CharField(
        label=_("what people can do besides contesting it with us"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Empty: as before. In plain words; every statement of reasons ends with it."),
    )

    class Meta:
        model = PolicyVersion
        fields = ("summary",)

    def clean_effective_at(self) -> datetime | None:
        moment: datetime | None = self.cleaned_data["effective_at"]
        try:
            if moment is not None:
                require_notice(moment)
        except Refused as refusal:
            raise ValidationError(refusal.message, code=refusal.code) from None
        return moment


@admin.register(PolicyVersion)
class PolicyVersionAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Posting is the one thing to do here: what was posted stays as it was."""

    form = VersionForm
    list_display = ("number", "posted_at", "effective_at", "contest_within", "summary")
    fields = ("summary", "effective_at", "contest_days", "redress")

    def save_model(self, request: HttpRequest, obj: PolicyVersion, form: Any, change: bool) -> None:
        assert request.user.is_authenticated
        values = form.cleaned_data
        days = values["contest_days"]
        posted = post_version(
            summary=values["summary"],
            effective_at=values["effective_at"],
            contest_within=timedelta(days=days) if days else None,
            other_redress=values["redress"],
            actor=request.user,
        )
        obj.pk, obj.number = posted.pk, posted.number

    def has_change_permission(self, request: HttpRequest, obj: PolicyVersion | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: PolicyVersion | None = None) -> bool:
        return False
