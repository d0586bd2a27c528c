"""The release in stages: where it stands, and every step of it (A7)."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from foundation import clock
from repositories import queries
from repositories.access import require_manage
from repositories.actions.release import begin_stage, drop_plan, narrow, plan_release
from repositories.addresses import Address
from repositories.models import Stage
from repositories.pages import render_page, see_other, sent, verb
from repositories.progress import lines_of, stages_of
from repositories.release_forms import ReleaseForm

PAGE = "repositories:release"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def release(request: HttpRequest, address: Address) -> HttpResponse:
    """The timeline, and the form that plans the release or plans it anew."""
    assert request.user.is_authenticated
    repository = queries.find(*address, request.user)
    found = require_manage(repository, request.user)
    stages = stages_of(repository)
    lines = lines_of(stages, clock.now())
    begun = {line.stage.kind for line in lines if line.state in ("over", "holds", "skipped")}
    by_kind = {stage.kind: stage for stage in stages}
    form = ReleaseForm(sent(request), owner=repository.namespace, stages=by_kind, begun=begun)
    if form.is_valid():
        try:
            plan_release(repository, form.steps(), actor=request.user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("We saved the plan. It holds from now on."))
            return see_other(PAGE, repository)
    context: dict[str, Any] = {"tab": "settings", "lines": lines, "form": form}
    status = 422 if form.errors else 200
    return render_page(request, "repositories/release.html", repository, found, context, status=status)


@verb
def begin(request: HttpRequest, address: Address) -> HttpResponse:
    """Begin the stage `kind` now."""
    assert request.user.is_authenticated
    repository = queries.find(*address, request.user)
    kind = request.POST.get("kind", "")
    begin_stage(repository, kind, actor=request.user)
    messages.success(request, _("The step “%(step)s” began.") % {"step": Stage.Kind(kind).label})
    return see_other(PAGE, repository)


@verb
def go_back(request: HttpRequest, address: Address) -> HttpResponse:
    """Go back to the stage `kind`."""
    assert request.user.is_authenticated
    repository = queries.find(*address, request.user)
    kind = request.POST.get("kind", "")
    narrow(repository, kind, actor=request.user)
    messages.success(request, _("The step “%(step)s” holds again.") % {"step": Stage.Kind(kind).label})
    return see_other(PAGE, repository)


@verb
def drop(request: HttpRequest, address: Address) -> HttpResponse:
    """End the release and keep what holds now."""
    assert request.user.is_authenticated
    repository = queries.find(*address, request.user)
    drop_plan(repository, actor=request.user)
    messages.success(request, _("The release in stages is over. What held stays so until you change it."))
    return see_other(PAGE, repository)
