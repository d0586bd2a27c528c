"""The owner's conditions: edited, previewed, given back to the card (A3)."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from repositories import queries
from repositories.access import require_manage
from repositories.actions.conditions import reset_conditions, set_conditions
from repositories.addresses import Address
from repositories.gating import Conditions
from repositories.gating.conditions import stated_by_owner, with_defaults
from repositories.gating_forms import AskForm, ConditionsForm, QuestionFormSet
from repositories.pages import render_page, see_other


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def conditions(request: HttpRequest, address: Address) -> HttpResponse:
    """The form with its preview. `do` says what is wanted: save, preview, add (one more question) or reset."""
    assert request.user.is_authenticated
    repository = queries.find(*address, request.user)
    found = require_manage(repository, request.user)
    do = request.POST.get("do", "save") if request.method == "POST" else ""
    if do == "reset":
        reset_conditions(repository, actor=request.user)
        messages.success(request, _("What the card says holds again."))
        return see_other("repositories:conditions", repository)
    present = stated_by_owner(repository)
    form, questions = _forms(_data(request, do), present)
    valid = bool(do) and do != "add" and form.is_valid() and questions.is_valid()
    if valid:
        present = Conditions(**form.cleaned_data, fields=questions.questions(), saved=present.saved)
        if do == "save":
            set_conditions(repository, actor=request.user, fields=present.fields, **form.cleaned_data)
            messages.success(request, _("We saved your conditions. Whoever asks from now on agrees to them."))
            return see_other("repositories:conditions", repository)
    shown = with_defaults(present, repository.gating)
    context = {
        "tab": "settings",
        "form": form,
        "questions": questions,
        "preview": shown,
        "preview_form": AskForm(shown, prefix="preview"),
        "edited": do == "preview" and valid,
    }
    status = 422 if do in ("save", "preview") and not valid else 200
    return render_page(request, "repositories/gating/conditions.html", repository, found, context, status=status)


def _forms(data: QueryDict | None, present: Conditions) -> tuple[ConditionsForm, Any]:
    values = {name: getattr(present, name) for name in ("heading", "text", "button", "ask_again")}
    rows = [{"label": one.label, "type": one.type, "options": "\n".join(one.options)} for one in present.fields]
    # Rows that were posted are compared with nothing: an empty one is no question, whatever stood in its place.
    return ConditionsForm(data, initial=values), QuestionFormSet(
        data, initial=None if data else rows, prefix="questions"
    )


def _data(request: HttpRequest, do: str) -> QueryDict | None:
    """What was posted; with one more empty question where one is to be added."""
    if not do:
        return None
    data = request.POST.copy()
    total = data.get("questions-TOTAL_FORMS", "")
    if do == "add" and total.isdecimal():
        data["questions-TOTAL_FORMS"] = str(int(total) + 1)
        data[f"questions-{int(total)}-type"] = "text"
    return data
