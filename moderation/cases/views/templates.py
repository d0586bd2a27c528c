"""Templates of reasons: their pages, and choosing one for a case."""

import uuid
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from foundation.errors import Refused
from foundation.text import required_text
from moderation.cases.actions.orders import chosen_ends
from moderation.cases.actions.templates import change_template, orders_in, write_template
from moderation.cases.choosing import kept_form
from moderation.cases.end_fields import EndsInForm, choice_of
from moderation.cases.models import Case, Decision, ReasonTemplate
from moderation.cases.templates_of_reasons import VARIABLES, list_of_known, unknown_in
from moderation.cases.views.case import chosen, show_case
from moderation.cases.views.team import SeeOther, TeamRequest, find_case, team_page
from moderation.policy.queries import active_clauses
from moderation.sanctions.measures import DECIDED, KINDS

LONGEST_TITLE, LONGEST_TEXT = 80, 5_000


class TemplateForm(EndsInForm):
    """Words with variables, and the decision that they go with."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=LONGEST_TITLE)
    outcome = forms.ChoiceField(
        label=gettext_lazy("For which decision?"), choices=Decision.Outcome.choices, widget=forms.RadioSelect
    )
    clause = forms.ModelChoiceField(
        label=gettext_lazy("Clause"),
        queryset=active_clauses(),
        to_field_name="code",
        required=False,
        empty_label=gettext_lazy("The one of the case"),
    )
    measures = forms.MultipleChoiceField(
        label=gettext_lazy("Measures"), required=False, widget=forms.CheckboxSelectMultiple
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of the words"), choices=settings.LANGUAGES)
    text = forms.CharField(
        label=gettext_lazy("Statement of reasons"),
        widget=forms.Textarea(attrs={"rows": 8, "maxlength": LONGEST_TEXT}),
    )
    active = forms.BooleanField(label=gettext_lazy("Offer it on cases"), required=False, initial=True)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["measures"].choices = [(code, kind.label) for code, kind in DECIDED.items()]  # type: ignore[attr-defined]
        # Without a date: it is used again after any.
        self.add_ends(DECIDED.values(), dated=False)

    def clean_title(self) -> str:
        return required_text(" ".join(self.cleaned_data["title"].split()), longest=LONGEST_TITLE)

    def clean_text(self) -> str:
        text = required_text(self.cleaned_data["text"], longest=LONGEST_TEXT)
        if unknown := unknown_in(text):
            message = _("We do not know {%(unknown)s}. These can be used: %(known)s")
            raise forms.ValidationError(message % {"unknown": unknown[0], "known": list_of_known()})
        return text

    @property
    def plain(self) -> list[forms.BoundField]:
        """Its fields but those of the ends, which stand below their measures."""
        return [self[name] for name in self.fields if not name.startswith("lasts-")]

    @property
    def values(self) -> dict[str, Any]:
        """What a valid form says of a template."""
        said = {name: value for name, value in self.cleaned_data.items() if not name.startswith("lasts-")}
        orders = [self.order_with_end(kind, self.cleaned_data) for kind in said["measures"]]
        return said | {"ends": chosen_ends(orders)}


@team_page
@require_safe
def templates_page(request: TeamRequest) -> HttpResponse:
    """All templates, those that are offered first."""
    rows = ReasonTemplate.objects.select_related("clause", "created_by").order_by("-active", "title")
    labels = {code: kind.label for code, kind in KINDS.items()}
    lines = [(one, [labels.get(code, code) for code in one.measures]) for one in rows[:500]]
    return render(request, "cases/templates.html", {"lines": lines})


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def new_template(request: TeamRequest) -> HttpResponse:
    """Write a template."""
    form = TemplateForm(request.POST if request.method == "POST" else None, initial={"language": request.user.language})
    return _handle(request, form, None)


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def edit_template(request: TeamRequest, template_id: uuid.UUID) -> HttpResponse:
    """Change a template, or stop offering it."""
    row = get_object_or_404(ReasonTemplate.objects.select_related("clause"), public_id=template_id)
    initial = {name: getattr(row, name) for name in ("title", "outcome", "measures", "language", "text", "active")} | {
        "clause": row.clause.code if row.clause else ""
    }
    initial |= {f"lasts-{one.kind}": choice_of(one) for one in orders_in(row)}
    return _handle(request, TemplateForm(request.POST if request.method == "POST" else None, initial=initial), row)


def _handle(request: TeamRequest, form: TemplateForm, row: ReasonTemplate | None) -> HttpResponse:
    if form.is_bound and form.is_valid():
        values = form.values
        try:
            saved = (
                change_template(row, actor=request.user, **values)
                if row
                else write_template(actor=request.user, **values)
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Saved: “%(title)s”.") % {"title": saved.title})
            return SeeOther(reverse("cases:templates"))
    context = {"form": form, "row": row, "variables": VARIABLES}
    return render(request, "cases/templates_edit.html", context, status=422 if form.is_bound else 200)


@team_page
@require_POST
def fill_in(request: TeamRequest, case_id: uuid.UUID) -> HttpResponse:
    """The page of the case with a template filled into its form; changes nothing (D4).

    Typed words come by POST, so that they stand in no address and no log.
    """
    case = find_case(case_id, request.user)
    if case.kind != Case.Kind.REVIEW or case.state != Case.State.OPEN:
        return redirect(case.get_absolute_url())
    if not request.POST.get("template"):
        messages.info(request, _("Choose a template first."))
    more = chosen(case, request.POST.get("template", ""), typed=request.POST)
    return show_case(request, case, **(more or {"form": kept_form(case, request.POST)}))
