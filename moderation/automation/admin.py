from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest

from accounts.models import User
from foundation.errors import Refused
from moderation.automation.actions import change_rule, switch_rule
from moderation.automation.forms import RuleForm
from moderation.automation.models import Backtest, Finding, Rule, RuleRun, RuleSwitch
from moderation.subjects.admin import EvidenceAdmin, link_to_case


@admin.register(Rule)
class RuleAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rules are data. Their mode goes through the action that asks for its permission; new ones start in shadow."""

    form = RuleForm
    list_display = ("title", "mode", "clause", "measure", "floor", "hourly_limit")
    list_select_related = ("clause",)

    def get_exclude(self, request: HttpRequest, obj: Rule | None = None) -> tuple[str, ...]:
        return () if obj else ("mode",)

    def has_delete_permission(self, request: HttpRequest, obj: Rule | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Rule, form: Any, change: bool) -> None:
        if not change:
            super().save_model(request, obj, form, change)
            return
        assert isinstance(request.user, User)
        changed = [name for name in form.changed_data if name != "mode"]
        try:
            change_rule(obj, changed, actor=request.user)
            if "mode" in form.changed_data:
                switch_rule(obj, obj.mode, actor=request.user)
        except Refused as refusal:
            self.message_user(request, str(refusal), messages.ERROR)


@admin.register(RuleRun)
class RuleRunAdmin(EvidenceAdmin):
    """That its conditions held; for which content and person stands on the page of the case."""

    list_display = ("rule", "case", "mode", "decision", "ran_at")
    list_filter = ("rule", "mode")
    list_select_related = ("rule", "case", "decision__actor")
    fields = ("rule", "page", "mode", "ran_at")

    @admin.display(description="case")
    def page(self, run: RuleRun) -> str:
        return link_to_case(run.case)


@admin.register(RuleSwitch)
class RuleSwitchAdmin(EvidenceAdmin):
    list_display = ("rule", "mode", "reason", "actor", "at")
    list_filter = ("rule", "reason")
    list_select_related = ("rule", "actor")


@admin.register(Backtest)
class BacktestAdmin(EvidenceAdmin):
    list_display = ("rule", "cases", "held", "decided", "agreed", "seconds", "actor", "ran_at")
    list_filter = ("rule",)
    list_select_related = ("rule", "actor")


@admin.register(Finding)
class FindingAdmin(EvidenceAdmin):
    """That a check found something; in whose words stands on the page of the case (C1)."""

    list_display = ("pk", "kind", "count", "day", "found_at")
    list_filter = ("kind",)
    fields = (*list_display, "page")

    @admin.display(description="case")
    def page(self, finding: Finding) -> str:
        joined = getattr(finding.report, "case_report", None)
        return link_to_case(joined.case if joined else None)
