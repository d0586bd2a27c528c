"""How good each classifier is on our own decisions, and for whom: for those who see thresholds (H6, H8, H9)."""

import uuid
from collections.abc import Callable
from functools import update_wrapper
from typing import Any, Concatenate, ParamSpec

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from classifiers.evaluation.plots import reliability_plot
from foundation.errors import Forbidden, Refused
from foundation.pages import page
from moderation.automation.quality import queries
from moderation.automation.quality.figures import Measured, calibration, measured, suggest
from moderation.automation.quality.forms import TARGET, BiasForm, TargetForm
from moderation.automation.quality.showing import bias_tables, shown
from moderation.cases.views.team import SeeOther, TeamRequest, team_page
from moderation.scoring.bias import ask
from moderation.scoring.bias.asking import MOST_BYTES
from moderation.scoring.models import Classifier
from moderation.scoring.secrecy import require_thresholds
from repositories.receiving import MEMORY, take_files

P = ParamSpec("P")
DISAGREEMENTS = 20


def figures_page(
    view: Callable[Concatenate[TeamRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A page of the team that shows thresholds: for those who may see them (H6)."""

    def for_some(request: TeamRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        require_thresholds(request.user)
        return view(request, *args, **kwargs)

    return team_page(update_wrapper(for_some, view))


@figures_page
@require_safe
def classifiers_page(request: TeamRequest) -> HttpResponse:
    """Every version that is or was configured, with the precision of each of its labels; three queries."""
    of: dict[str, list[Measured]] = {}
    for one in measured():
        of.setdefault(one.of.classifier, []).append(one)
    rows = [(row, of.get(row.code, [])) for row in queries.versions()]
    return render(request, "automation/quality/classifiers.html", {"rows": rows})


@figures_page
@require_safe
def classifier_page(request: TeamRequest, code: str) -> HttpResponse:
    """One version: its labels on our own decisions, its bias reports, and the form that asks for another."""
    row = _find(code)
    return _show(request, row, BiasForm(labels=queries.labels_of(row)))


@csrf_exempt
def ask_bias(request: HttpRequest, code: str) -> HttpResponse:
    """Send a file to measure bias on; a worker does it."""
    # What is sent is read only once we know who sends it; so the form's token is checked after that.
    return _ask_bias(request, code)


@figures_page
@require_POST
def _ask_bias(request: TeamRequest, code: str) -> HttpResponse:
    row = _find(code)
    take_files(request, most=MOST_BYTES + MEMORY)
    answer: HttpResponse = csrf_protect(_take)(request, row)
    return answer


def _take(request: TeamRequest, row: Classifier) -> HttpResponse:
    form = BiasForm(request.POST, request.FILES, labels=queries.labels_of(row))
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            report = ask(row, file.name or "", file.read(), form.how, actor=request.user)
        except Forbidden:
            raise
        except Refused as refusal:
            form.add_error("file", str(refusal))
        else:
            messages.success(request, _("A worker measures it now. Its figures will stand here."))
            return SeeOther(reverse("quality:bias", args=[report.public_id]))
    return _show(request, row, form, status=422)


def _show(request: TeamRequest, row: Classifier, form: BiasForm, status: int = 200) -> HttpResponse:
    context = {
        "classifier": row,
        "measured": measured(row.code),
        "page": page(queries.bias_reports(row), request.GET, order=("-id",)),
        "form": form if queries.reads_texts(row) else None,
    }
    return render(request, "automation/quality/classifier.html", context, status=status)


@figures_page
@require_safe
def label_page(request: TeamRequest, code: str, label: str) -> HttpResponse:
    """One label of a version: calibration on our own decisions, a threshold by target, where people disagreed."""
    row = _find(code)
    form = TargetForm(request.GET)
    target = form.cleaned_data["target"] if form.is_valid() else TARGET
    found = calibration(row.code, label)
    if found is None and label not in queries.labels_of(row):
        raise Http404
    context: dict[str, Any] = {
        "classifier": row,
        "label": label,
        "measured": [one for one in measured(row.code) if one.of.label == label],
        "form": TargetForm(initial={"target": target}),
        "calibration": found,
        "suggestion": suggest(row.code, label, target / 100) if found else None,
        "disagreements": queries.disagreements(row, label, request.user, DISAGREEMENTS),
    }
    if found:
        context |= {
            "plot": reliability_plot(found.bins, _("mean value"), _("share of violations")),
            "auroc": shown(found.auroc),
            "error": shown(found.error),
        }
    return render(request, "automation/quality/label.html", context)


@figures_page
@require_safe
def bias_page(request: TeamRequest, report_id: uuid.UUID) -> HttpResponse:
    """One report: each term with its figures, a plot of each figure; or why there is none yet."""
    report = queries.bias_report(report_id)
    if report is None:
        raise Http404
    context = {"report": report, "bias": bias_tables(report.figures["bias"]) if report.figures else None}
    return render(request, "automation/quality/bias.html", context)


def _find(code: str) -> Classifier:
    row = queries.version(code)
    if row is None:
        raise Http404
    return row
