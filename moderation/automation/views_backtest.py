"""Backtests, for the team: what a rule would have done in the past, and the cases to look at (I2)."""

import uuid
from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from foundation import clock
from foundation.errors import Forbidden, Refused
from foundation.pages import page
from moderation.automation.backtests import backtest, cases_of, record_of, records_by_language
from moderation.automation.forms import BacktestForm
from moderation.automation.models import Rule
from moderation.automation.queries import backtests
from moderation.automation.wording import in_words
from moderation.cases.views.team import SeeOther, TeamRequest, team_page

# Which cases are listed: those where people decided otherwise are the ones to learn from.
WHICH = ("", "disagreed", "agreed", "undecided")


@team_page
@require_POST
def start(request: TeamRequest, rule_id: uuid.UUID) -> HttpResponse:
    """Try a rule, as it is saved, on the past."""
    rule = get_object_or_404(Rule.objects.select_related("clause"), public_id=rule_id)
    form = BacktestForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose how far back."))
        return SeeOther(reverse("automation:rule", args=[rule.public_id]))
    days = form.cleaned_data["days"]
    try:
        row = backtest(rule, actor=request.user, since=clock.now() - timedelta(days=days) if days else None)
    except Forbidden:
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
        return SeeOther(reverse("automation:rule", args=[rule.public_id]))
    return SeeOther(reverse("automation:backtested", args=[rule.public_id, row.public_id]))


@team_page
@require_safe
def show(request: TeamRequest, rule_id: uuid.UUID, backtest_id: uuid.UUID) -> HttpResponse:
    """What came out, and the cases that the viewer may see."""
    row = get_object_or_404(backtests(), public_id=backtest_id, rule__public_id=rule_id)
    which = request.GET.get("which", "")
    if which not in WHICH:
        which = ""
    context = {
        "rule": row.rule,
        "backtest": row,
        "plain": in_words(row.rule, request.user, row.definition),
        "record": record_of(row),
        "languages": records_by_language(row),
        "page": page(cases_of(row, request.user, which), request.GET, order=("pk",)),
        "which": which,
        "changed": row.definition["conditions"] != row.rule.conditions,
    }
    return render(request, "automation/backtest.html", context)
