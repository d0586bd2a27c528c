"""The owner's page of requests for access: read, decide, grant, export (A3, B2)."""

import csv
from itertools import chain
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from foundation.errors import Refused
from foundation.http import private
from foundation.pages import page
from repositories import queries
from repositories.access import Access
from repositories.actions.gating import LONGEST_REASON, grant, handle_many
from repositories.addresses import Address
from repositories.gating import require_decide
from repositories.gating.export import rows_of
from repositories.gating.queries import COUNTED, counts_of, requests_of
from repositories.gating_forms import DECISIONS, DecideForm, GrantForm
from repositories.models import AccessRequest, Gating, Repository
from repositories.pages import render_page, see_other, verb

Status = AccessRequest.Status
TABS = {Status.PENDING: _("Waiting"), Status.ACCEPTED: _("Accepted"), Status.REJECTED: _("Rejected")}
LONGEST_NAME = 96


@require_safe
@private
@login_required
def access_requests(request: HttpRequest, address: Address) -> HttpResponse:
    """Requests of one status, newest first; `q` leaves those of people whose user name contains it."""
    assert request.user.is_authenticated
    repository = queries.find(*address, request.user)
    return _page(request, repository, require_decide(repository, request.user), GrantForm())


@verb
def decide(request: HttpRequest, address: Address) -> HttpResponse:
    """Accept, reject or set back the requests that the form names; those somebody else decided meanwhile stay so."""
    assert request.user.is_authenticated
    repository = queries.find(*address, request.user)
    require_decide(repository, request.user)
    form = DecideForm(request.POST)
    if not form.is_valid():
        raise Refused(_first_error(form), code="invalid", status=400)
    values = form.cleaned_data
    asked = values["request"]
    done = handle_many(
        repository,
        asked,
        DECISIONS[values["do"]],
        actor=request.user,
        reason=values["reason"],
        was=values["was"],
    )
    if done:
        text = ngettext(
            "We told %(count)s person what you decided.", "We told %(count)s people what you decided.", done
        )
        messages.success(request, text % {"count": done})
    if not asked:
        messages.warning(request, _("Mark the requests that you decide about first."))
    elif done < len(asked):
        messages.info(request, _("What somebody else decided meanwhile stays as it is."))
    return see_other(_address(repository, status=values["was"], q=request.POST.get("q", "")))


@verb
def grant_access(request: HttpRequest, address: Address) -> HttpResponse:
    """Give somebody access unasked."""
    assert request.user.is_authenticated
    repository = queries.find(*address, request.user)
    found = require_decide(repository, request.user)
    form = GrantForm(request.POST)
    if form.is_valid():
        try:
            row = grant(repository, form.cleaned_data["user"], actor=request.user)
        except Refused as refusal:
            form.add_error("user", str(refusal))
        else:
            messages.success(request, _("%(name)s has access now, and we said so.") % {"name": row.user.username})
            return see_other(_address(repository, status=Status.ACCEPTED))
    return _page(request, repository, found, form)


@require_safe
@login_required
def export(request: HttpRequest, address: Address) -> HttpResponseBase:
    """All requests as CSV, sent while they are read."""
    assert request.user.is_authenticated
    repository = queries.find(*address, request.user)
    require_decide(repository, request.user)
    writer = csv.writer(_Echo(), quoting=csv.QUOTE_ALL)
    # Without the mark, a spreadsheet takes UTF-8 for something else.
    lines = chain(["\ufeff"], (writer.writerow(row) for row in rows_of(repository)))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    name = f"access-requests-{repository.namespace.name}-{repository.name}.csv"
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Robots-Tag"] = "noindex"
    add_never_cache_headers(response)
    return response


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, line: str) -> str:
        return line


def _page(request: HttpRequest, repository: Repository, found: Access, form: GrantForm) -> HttpResponse:
    status = request.GET.get("status", Status.PENDING)
    status = status if status in TABS else Status.PENDING
    name = request.GET.get("q", "").strip()[:LONGEST_NAME]
    counts = counts_of(repository)
    context: dict[str, Any] = {
        "tab": "requests",
        "status": status,
        "tabs": [(code, words, min(counts[code], COUNTED), counts[code] > COUNTED) for code, words in TABS.items()],
        "page": page(requests_of(repository, status, name), request.GET, order=("-requested_at", "-id")),
        "name": name,
        "form": form,
        "gated": repository.gating != Gating.NONE,
        "longest_reason": LONGEST_REASON,
    }
    code = 422 if form.errors else 200
    return render_page(request, "repositories/gating/requests.html", repository, found, context, status=code)


def _address(repository: Repository, **query: str) -> str:
    kept = {name: value for name, value in query.items() if value}
    return f"{reverse('repositories:access_requests', args=[repository])}?{urlencode(kept)}"


def _first_error(form: DecideForm) -> str:
    errors = [error for errors in form.errors.as_data().values() for error in errors]
    return " ".join(ValidationError(errors).messages)
