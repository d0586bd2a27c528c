"""The rules, for the team: what each did or would have done, and whether people agreed (I2)."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.models import User
from foundation.errors import Forbidden, Refused
from foundation.pages import page
from moderation.automation.actions import SWITCH, WRITE, change_rule, differing, require_seeing, switch_rule, write_rule
from moderation.automation.backtests import backtests_of
from moderation.automation.editor import Editor
from moderation.automation.forms import BacktestForm, SwitchForm
from moderation.automation.models import Rule
from moderation.automation.queries import rules, runs_of
from moderation.automation.record import record_of, records_of
from moderation.automation.wording import in_words
from moderation.cases.views.team import SeeOther, TeamRequest, team_page

SWITCHES = 10  # of the newest


@team_page
@require_safe
def rules_page(request: TeamRequest) -> HttpResponse:
    """Every rule with its record."""
    found = list(rules())
    records = records_of(found)
    context = {"rules": [(one, records[one.pk]) for one in found], "may_write": request.user.has_perm(WRITE)}
    return render(request, "automation/rules.html", context)


@team_page
@require_safe
def rule_page(request: TeamRequest, rule_id: uuid.UUID) -> HttpResponse:
    """One rule with its record, what switched it lately, and its runs, newest first."""
    rule = get_object_or_404(rules(), public_id=rule_id)
    context = {
        "rule": rule,
        "plain": in_words(rule, request.user),
        "may_write": request.user.has_perm(WRITE),
        "backtests": backtests_of(rule),
        "backtest_form": BacktestForm(),
        "record": record_of(rule),
        "page": page(runs_of(rule, request.user), request.GET, order=("-ran_at", "-id")),
        "switches": rule.switches.select_related("actor").order_by("-pk")[:SWITCHES],
        "modes": Rule.Mode.choices,
        "may_switch": request.user.has_perm(SWITCH),
    }
    return render(request, "automation/rule.html", context)


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: TeamRequest) -> HttpResponse:
    """Write a rule; it starts in shadow."""
    return _write(request, None)


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: TeamRequest, rule_id: uuid.UUID) -> HttpResponse:
    """Change a rule; a live one with other conditions goes back to shadow."""
    return _write(request, get_object_or_404(Rule.objects.select_related("clause"), public_id=rule_id))


def _write(request: TeamRequest, rule: Rule | None) -> HttpResponse:
    if not request.user.has_perm(WRITE):
        raise Forbidden(_("You may not write rules."))
    if rule is not None:
        require_seeing(rule, request.user)
    sent = request.POST if request.method == "POST" else None
    editor = Editor(rule, sent, may_switch=request.user.has_perm(SWITCH))
    if editor.saves and editor.is_valid():
        try:
            saved = _save(editor, request.user)
        except Refused as refusal:
            editor.definition.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved: “%(title)s”.") % {"title": saved.title})
            return SeeOther(reverse("automation:rule", args=[saved.public_id]))
    # A button that changes the rows gets the form alone; whoever has no script gets the page.
    name = "automation/_editor.html" if request.headers.get("HX-Request") else "automation/edit.html"
    return render(request, name, {"editor": editor, "rule": rule}, status=422 if editor.saves else 200)


def _save(editor: Editor, actor: User) -> Rule:
    values = editor.values
    if editor.rule is None:
        code = f"{slugify(values['title'])[:50] or 'rule'}-{uuid.uuid4().hex[:6]}"
        return write_rule(Rule(code=code, **values), actor=actor)
    rule = editor.rule
    changed = differing(rule, values)
    for name in changed:
        setattr(rule, name, values[name])
    return change_rule(rule, changed, actor=actor)


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
