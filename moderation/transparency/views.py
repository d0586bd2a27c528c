"""What the public may know about moderation (J2, J3)."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from foundation import clock
from foundation.errors import Refused
from foundation.pages import page
from moderation.transparency.chart import bars
from moderation.transparency.counts import FEWEST, count
from moderation.transparency.files import as_csv, as_json
from moderation.transparency.period import months_over, period_of
from moderation.transparency.queries import log_line, log_of
from repositories.access import require_see
from repositories.addresses import Address
from repositories.pages import render_page
from repositories.queries import find


@require_safe
def report(request: HttpRequest) -> HttpResponse:
    """The figures of some whole months, as a page, or with `format` as CSV or JSON."""
    now = clock.now()
    period = period_of(request.GET, now)
    form = request.GET.get("format", "")
    if form not in ("", "csv", "json"):
        raise Refused(_("We have this report as a page, as CSV and as JSON."), code="unknown_format", status=400)
    counts = count(period)
    if form:
        body = JsonResponse(as_json(counts)) if form == "json" else HttpResponse(as_csv(counts), "text/csv")
        name = f"ombud-transparency-{period.first}-{period.last}.{form}"
        body["Content-Disposition"] = f'attachment; filename="{name}"'
        return body
    context = {
        "counts": counts,
        "chart": bars((_(row.title), row.reports) for row in counts.clauses),
        "months": months_over(now),
        "fewest": FEWEST,
    }
    return render(request, "transparency/report.html", context)


@require_safe
def log(request: HttpRequest, address: Address) -> HttpResponse:
    """What the team did about a repository, for everybody who sees it; a page of 50."""
    repository = find(*address, request.user)
    found = require_see(repository, request.user)
    rows = page(log_of(repository), request.GET, order=("-starts_at", "-id"))
    now = clock.now()
    context = {"tab": "moderation", "lines": [log_line(row, now) for row in rows.rows], "page": rows}
    return render_page(request, "transparency/log.html", repository, found, context)
