"""Deciding a selection of the queue together: a preview of every effect, the decision, and one undo (D4)."""

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from foundation import clock
from foundation.errors import Refused
from foundation.text import clean_text
from moderation.cases.actions.bulk import MOST, Chosen, InTheWay, decide_together
from moderation.cases.actions.lift_together import lift_together, standing_of_bulk
from moderation.cases.actions.orders import Verdict
from moderation.cases.actions.requirements import SHORTEST_EXPLANATION
from moderation.cases.actions.templates import orders_in
from moderation.cases.actions.undo import UNDO_WITHIN, undo_bulk, undo_decision
from moderation.cases.choosing import APPEND, REPLACE, offered
from moderation.cases.end_fields import EndsInForm, choice_of
from moderation.cases.forms import LONGEST_EXPLANATION, NAMING, ConsequenceField, add_consequences
from moderation.cases.models import BulkDecision, Case, Decision, ReasonTemplate
from moderation.cases.naming import GivesAway, NamesSomebody, can_be_confirmed
from moderation.cases.overview.together import departures_of, effects_of, kinds_among
from moderation.cases.queries import cases, open_to
from moderation.cases.templates_of_reasons import VARIABLES, list_of_known, unknown_in
from moderation.cases.views.case import show_case
from moderation.cases.views.team import SeeOther, TeamRequest, find_case, team_page
from moderation.policy.models import Clause
from moderation.policy.queries import active_clauses
from moderation.subjects.names import name_of


class TogetherForm(EndsInForm):
    """One decision for all of the chosen cases."""

    request_id = forms.UUIDField(widget=forms.HiddenInput)
    outcome = forms.ChoiceField(
        label=gettext_lazy("Is it a violation?"),
        choices=Decision.Outcome.choices,
        error_messages={"required": gettext_lazy("Choose whether this is a violation.")},
    )
    clause = forms.ModelChoiceField(queryset=Clause.objects.none(), to_field_name="code", required=False)
    measures = forms.MultipleChoiceField(required=False)
    explanation = forms.CharField(
        label=gettext_lazy("Statement of reasons"),
        max_length=LONGEST_EXPLANATION,
        error_messages={"required": gettext_lazy("Explain the decision in a sentence: people will read it.")},
    )

    departing = forms.BooleanField(
        required=False, label=gettext_lazy("I know, and my words say why these are different")
    )
    # After a name, or words of a report, were found in the words (C2).
    naming = forms.BooleanField(required=False, label=NAMING)

    def __init__(self, *args: Any, chosen: list[Chosen], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kinds = kinds_among(chosen)
        self.fields["clause"].queryset = active_clauses()  # type: ignore[attr-defined]
        self.fields["measures"].choices = [(kind.code, kind.label) for kind, _fits in self.kinds]  # type: ignore[attr-defined]
        subjects = [one.case.subject for one in chosen]
        kinds = [kind for kind, _fits in self.kinds]
        self.bringing = add_consequences(self, kinds, subjects)
        self.add_ends(kinds)

    def clean_explanation(self) -> str:
        text = clean_text(self.cleaned_data["explanation"], longest=LONGEST_EXPLANATION)
        if len(text) < SHORTEST_EXPLANATION:
            raise forms.ValidationError(_("Explain the decision in a sentence: people will read it."))
        if unknown := unknown_in(text):
            message = _("We do not know {%(unknown)s}. These can be used: %(known)s")
            raise forms.ValidationError(message % {"unknown": unknown[0], "known": list_of_known()})
        return text

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if values.get("outcome") == Decision.Outcome.NO_VIOLATION:
            values["clause"], values["measures"] = None, []  # folded away with "no violation"
        values["measures"] = [
            self.order_with_end(kind, values, tuple(values.get(f"with-{kind}", ())))
            for kind in values.get("measures", [])
        ]
        return values

    @property
    def brought(self) -> list[ConsequenceField]:
        return [ConsequenceField(code, self[f"with-{code}"]) for code in self.bringing]

    @property
    def verdict(self) -> Verdict:
        """What is chosen so far; needs is_valid(), whatever it says.

        A violation without its clause or measures is not chosen yet: whoever chooses goes from one to the next.
        """
        values = self.cleaned_data
        outcome, clause, orders = values.get("outcome", ""), values.get("clause"), values.get("measures", [])
        if outcome == Decision.Outcome.VIOLATION and not (clause and orders):
            outcome, clause, orders = "", None, []
        return Verdict(outcome, clause, orders, values.get("explanation", ""))


class UndoForm(forms.Form):
    """Why it is taken back; cases that stay as they were decided."""

    reason = forms.CharField(
        label=gettext_lazy("Why we take it back"),
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 2_000}),
        help_text=gettext_lazy("Everybody whom the measures affected will read this."),
        error_messages={"required": gettext_lazy("Say in a sentence why we take it back: people will read it.")},
    )
    naming = forms.BooleanField(required=False, label=NAMING)

    def clean_reason(self) -> str:
        text = clean_text(self.cleaned_data["reason"], longest=2_000)
        if len(text) < SHORTEST_EXPLANATION:
            raise forms.ValidationError(_("Say in a sentence why we take it back: people will read it."))
        return text


@team_page
@require_safe
def bulk_page(request: TeamRequest) -> HttpResponse:
    """The chosen cases with the form to decide them; nothing is chosen yet."""
    chosen = _chosen(request, request.GET.getlist("case"))
    form = TogetherForm(initial={"request_id": uuid.uuid4(), "clause": _common_clause(chosen)}, chosen=chosen)
    return _show(request, chosen, form, Verdict("", None, [], ""))


@team_page
@require_POST
def preview_bulk(request: TeamRequest) -> HttpResponse:
    """The same with every effect of what is chosen so far; changes nothing.

    With a template filled in (`fill`), or without the cases that stand in the way (`only`).
    """
    chosen = _chosen(request, request.POST.getlist("case"))
    data = request.POST.copy()
    asks = _fill_in(data)
    form = TogetherForm(data, chosen=chosen)
    form.is_valid()
    if data.get("only"):
        effects = effects_of(chosen, form.verdict, request.user, clock.now())
        free = {effect.case.pk for effect in effects if not effect.obstacles}
        chosen = [one for one in chosen if one.case.pk in free]
    # It is a preview: what is missing is no mistake yet.
    shown = TogetherForm(initial=_as_initial(data), chosen=chosen)
    if "explanation" in form.errors and data.get("explanation", "").strip():
        shown.warning = form.errors["explanation"][0]  # type: ignore[attr-defined]
    return _show(request, chosen, shown, form.verdict, asks=asks)


@team_page
@require_POST
def decide_bulk(request: TeamRequest) -> HttpResponse:
    """Decide all of them, or none and say what stands in the way."""
    chosen = _chosen(request, request.POST.getlist("case"))
    form = TogetherForm(request.POST, chosen=chosen)
    if not form.is_valid():
        return _show(request, chosen, form, form.verdict, status=422)
    values = form.cleaned_data
    departing = departures_of([one.case for one in chosen], form.verdict, request.user)
    if departing and not values["departing"] and not _was_decided(request, values["request_id"]):
        return _show(request, chosen, form, form.verdict, status=422)
    try:
        bulk = decide_together(
            chosen,
            actor=request.user,
            outcome=values["outcome"],
            explanation=values["explanation"],
            clause=values["clause"],
            measures=values["measures"],
            request_id=values["request_id"],
            departing=departing.keys(),
            naming=values["naming"],
        )
    except InTheWay as refusal:
        form.add_error(None, refusal.message)
        return _show(request, chosen, form, form.verdict, status=409, refused=refusal)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _show(request, chosen, form, form.verdict, status=422 if refusal.status == 400 else refusal.status)
    count = bulk.decisions.count()
    words = ngettext("Decided: %(count)s case.", "Decided: %(count)s cases.", count)
    messages.success(request, words % {"count": count})
    return SeeOther(reverse("cases:bulk_result", args=[bulk.public_id]))


@team_page
@require_safe
def bulk_result(request: TeamRequest, bulk_id: uuid.UUID) -> HttpResponse:
    """What was decided together, and how to take all of it back."""
    return _show_result(request, _find_bulk(request, bulk_id), UndoForm())


@team_page
@require_POST
def undo_bulk_decision(request: TeamRequest, bulk_id: uuid.UUID) -> HttpResponse:
    """Take all of it back, or all but the cases that the form leaves out."""
    bulk = _find_bulk(request, bulk_id)
    form = UndoForm(request.POST)
    if not form.is_valid():
        return _show_result(request, bulk, form, status=422)
    left_out = Case.objects.filter(decisions__bulk=bulk, public_id__in=_ids(request.POST.getlist("without")))
    try:
        undo_bulk(
            bulk,
            actor=request.user,
            reason=form.cleaned_data["reason"],
            without=list(left_out.values_list("pk", flat=True)),
            naming=form.cleaned_data["naming"],
        )
    except InTheWay as refusal:
        form.add_error(None, refusal.message)
        return _show_result(request, bulk, form, status=409, refused=refusal)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return _show_result(request, bulk, form, status=422 if refusal.status == 400 else refusal.status)
    messages.success(request, _("Taken back. The cases are in the queue again, and everybody we told hears it."))
    return SeeOther(reverse("cases:bulk_result", args=[bulk.public_id]))


@team_page
@require_POST
def lift_bulk(request: TeamRequest, bulk_id: uuid.UUID) -> HttpResponse:
    """Lift what still holds of it, once it is too late to take it back as a whole."""
    bulk = _find_bulk(request, bulk_id)
    form = UndoForm(request.POST)
    if not form.is_valid():
        return _show_result(request, bulk, form, status=422)
    measures = standing_of_bulk(bulk.pk)
    try:
        done = lift_together(measures, actor=request.user, request_id=bulk.public_id, **form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        status = 422 if refusal.status == 400 else refusal.status
        return _show_result(request, bulk, form, status=status, naming=can_be_confirmed(refusal))
    for why in dict.fromkeys(done.obstacles.values()):
        messages.error(request, why)
    count = len(done.measures)
    words = ngettext("Lifted: %(count)s measure.", "Lifted: %(count)s measures.", count)
    messages.success(request, words % {"count": count})
    return SeeOther(reverse("cases:bulk_result", args=[bulk.public_id]))


@team_page
@require_POST
def undo_one(request: TeamRequest, case_id: uuid.UUID, decision_id: uuid.UUID) -> HttpResponse:
    """Take back the decision that the page of a case shows."""
    case = find_case(case_id, request.user)
    decision = get_object_or_404(case.decisions, public_id=decision_id)
    form = UndoForm(request.POST)
    if not form.is_valid():
        messages.error(request, str(form.errors["reason"][0]))
        return SeeOther(case.get_absolute_url())
    try:
        undo_decision(decision, actor=request.user, **form.cleaned_data)
    except Refused as refusal:
        if isinstance(refusal, NamesSomebody | GivesAway):
            form.add_error(None, refusal.message)
            confirmable = can_be_confirmed(refusal)
            return show_case(request, case, status=422, undo_form=form, naming_undo=confirmable)
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Taken back. The case is open again, and everybody we told hears it."))
    return SeeOther(case.get_absolute_url())


def _was_decided(request: TeamRequest, request_id: uuid.UUID) -> bool:
    """Whether this form decided before: what was decided is not weighed again."""
    return BulkDecision.objects.filter(request_id=request_id, actor=request.user).exists()


def _chosen(request: TeamRequest, values: list[str]) -> list[Chosen]:
    """Cases by `id`, or `id:version` as the page showed them, that the person may see; in the order of the queue.

    Those that are not there for this person are left out without a word.
    """
    versions: dict[uuid.UUID, int | None] = {}
    for value in values[: 4 * MOST]:
        text, _colon, version = value.partition(":")
        for key in _ids([text]):
            versions[key] = int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else None
    if len(versions) > MOST:
        raise Refused(_("Choose fifty cases at most."), code="too_many", status=400)
    rows = open_to(cases(), request.user).filter(public_id__in=versions).order_by("rank", "pk")
    found = []
    for row in rows:
        seen = versions[row.public_id]
        found.append(Chosen(row, row.version if seen is None else seen))
    return found


def _ids(values: Iterable[str]) -> list[uuid.UUID]:
    found = []
    for value in values:
        try:
            found.append(uuid.UUID(value))
        except ValueError:
            continue
    return found


def _common_clause(chosen: list[Chosen]) -> str:
    """The clause that all of them were reported for; "" where they differ."""
    codes = {one.case.clause.code for one in chosen}
    return codes.pop() if len(codes) == 1 else ""


# What a preview leaves as it was sent.
_KEPT = ("request_id", "outcome", "clause", "explanation", "departing", "naming")


def _as_initial(data: Any) -> dict[str, Any]:
    single = {name: data.get(name, "") for name in _KEPT}
    brought = {name: data.getlist(name) for name in data if name.startswith("with-")}
    brought |= {name: data[name] for name in data if name.startswith(("lasts-", "until-"))}
    return single | brought | {"measures": data.getlist("measures")}


def _fill_in(data: Any) -> ReasonTemplate | None:
    """Put the chosen template into `data`; returns it where words were typed and nobody said what to do with them."""
    if not data.get("fill") or not (keys := _ids([data.get("template", "")])):
        return None
    template = ReasonTemplate.objects.filter(active=True, public_id=keys[0]).select_related("clause").first()
    if template is None:
        return None
    before, how = data.get("explanation", "").strip(), data.get("fill")
    if before and before != template.text and how not in (REPLACE, APPEND):
        return template
    data["explanation"] = f"{before}\n\n{template.text}" if before and how == APPEND else template.text
    data["outcome"] = template.outcome
    if template.clause:
        data["clause"] = template.clause.code
    if template.measures or template.outcome == Decision.Outcome.NO_VIOLATION:
        data.setlist("measures", template.measures)
        for order in orders_in(template):
            data[f"lasts-{order.kind}"] = choice_of(order)
    return None


def _show(
    request: TeamRequest,
    chosen: list[Chosen],
    form: TogetherForm,
    verdict: Verdict,
    *,
    status: int = 200,
    refused: InTheWay | None = None,
    asks: ReasonTemplate | None = None,
) -> HttpResponse:
    effects = effects_of(chosen, verdict, request.user, clock.now())
    # Of what came up while it was decided, too.
    late = {one.case.pk: one.why for one in refused.obstacles} if refused else {}
    for effect in effects:
        if effect.case.pk in late and not effect.obstacles:
            effect.obstacles.append(late[effect.case.pk])
    free = [effect for effect in effects if not effect.obstacles]
    context = {
        "effects": effects,
        "free": free,
        "blocked": len(effects) - len(free),
        "departing": sum(effect.departure is not None for effect in free),
        "form": form,
        "refused": refused,
        "naming": refused is not None and refused.confirmable,
        "templates": offered([one.case.clause_id for one in chosen]),
        "asks": asks,
        "variables": list(VARIABLES.items()),
        "most": MOST,
    }
    return render(request, "cases/bulk.html", context, status=status)


def _find_bulk(request: TeamRequest, bulk_id: uuid.UUID) -> BulkDecision:
    """A bulk of which the person may see every case. Raises the 404 of an unknown address."""
    bulk = get_object_or_404(BulkDecision.objects.select_related("actor"), public_id=bulk_id)
    seen = open_to(Case.objects.all(), request.user).filter(decisions__bulk=bulk).values("pk").distinct().count()
    if seen != bulk.decisions.values("case").distinct().count():
        raise Http404
    return bulk


def _show_result(
    request: TeamRequest,
    bulk: BulkDecision,
    form: UndoForm,
    *,
    status: int = 200,
    refused: InTheWay | None = None,
    naming: bool = False,
) -> HttpResponse:
    decisions = bulk.decisions.select_related("clause", "undone_by").prefetch_related("measures").order_by("case")
    rows = {row.pk: row for row in cases().filter(decisions__bulk=bulk)}
    late = {one.case.pk: one for one in refused.obstacles} if refused else {}
    lines = []
    for decision in decisions:
        row = rows[decision.case_id]
        lines.append((row, name_of(row.subject), decision, late.get(row.pk)))
    now = clock.now()
    fresh = bulk.undone_at is None and now <= bulk.created_at + UNDO_WITHIN
    context = {
        "bulk": bulk,
        "lines": lines,
        "form": form,
        "naming": naming or (refused is not None and refused.confirmable),
        "until": bulk.created_at + UNDO_WITHIN,
        "can_undo": fresh and any(decision.undone_at is None for _row, _name, decision, _why in lines),
        "refused": refused,
        "holding": [] if bulk.undone_at else standing_of_bulk(bulk.pk),
    }
    return render(request, "cases/bulk_result.html", context, status=status)
