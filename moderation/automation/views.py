"""The rules, for the team: what each did or would have done, and whether people agreed (I2)."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from foundation.errors import Forbidden, Refused
from foundation.pages import page
from moderation.automation.actions import SWITCH, switch_rule
from moderation.automation.forms import SwitchForm
from moderation.automation.models import Rule
from moderation.automation.queries import rules, runs_of
from moderation.automation.record import record_of, records_of
from moderation.cases.views.team import SeeOther, TeamRequest, team_page

SWITCHES = 10  # of the newest


@team_page
@require_safe
def rules_page(request: TeamRequest) -> HttpResponse:
    """Every rule with its record."""
    found = list(rules())
    records = records_of(found)
    return render(request, "automation/rules.html", {"rules": [(one, records[one.pk]) for one in found]})


@team_page
@require_safe
def rule_page(request: TeamRequest, rule_id: uuid.UUID) -> HttpResponse:
    """One rule with its record, what switched it lately, and its runs, newest first."""
    rule = get_object_or_404(rules(), public_id=rule_id)
    context = {
        "rule": rule,
        "record": record_of(rule),
        "page": page(runs_of(rule, request.user), request.GET, order=("-ran_at", "-id")),
        "switches": rule.switches.select_related("actor").order_by("-pk")[:SWITCHES],
        "modes": Rule.Mode.choices,
        "may_switch": request.user.has_perm(SWITCH),
    }
    return render(request, "automation/rule.html", context)


@team_page
@require_POST
def switch(request: TeamRequest, rule_id: uuid.UUID) -> HttpResponse:
    """Set a rule's mode; asks for the permission to switch rules."""
    rule = get_object_or_404(Rule, public_id=rule_id)
    form = SwitchForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose one of the modes."))
        return SeeOther(reverse("automation:rule", args=[rule.public_id]))
    try:
        switched = switch_rule(rule, form.cleaned_data["mode"], actor=request.user)
    except Forbidden:
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The rule is now %(mode)s") % {"mode": switched.get_mode_display()})
    return SeeOther(reverse("automation:rule", args=[rule.public_id]))
