"""Hiding a comment, closing or locking a discussion, where a moderator comes across it: a decision, too (B3, E4)."""

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from community.models import Comment, Discussion
from foundation.errors import Refused
from moderation.cases.actions.on_the_spot import ON_THE_SPOT, decide_on_the_spot, departure_on_the_spot
from moderation.cases.confirming import waiting_for
from moderation.cases.models import Case
from moderation.cases.naming import can_be_confirmed
from moderation.cases.queries import open_to
from moderation.cases.spot_forms import SpotForm
from moderation.cases.views.team import SeeOther, TeamRequest, team_page
from moderation.sanctions.measures import KINDS
from moderation.sanctions.models import Measure
from moderation.subjects.lookup import find_target
from moderation.subjects.models import Subject

# What stands of it above the form, in characters.
MOST_SHOWN = 2_000


@team_page
@require_http_methods(["GET", "HEAD", "POST"])
def on_the_spot(request: TeamRequest, kind: str, public_id: uuid.UUID) -> HttpResponse:
    """The form with what it is about and what it means, and the decision; then back to where it happened."""
    if kind not in ON_THE_SPOT:
        raise Http404
    target = _find(ON_THE_SPOT[kind], public_id, request)
    departure = departure_on_the_spot(target, kind, request.user)
    departs = departure is not None
    form = SpotForm(request.POST, departs=departs) if request.method == "POST" else SpotForm(departs=departs)
    status = 422 if form.errors else 200
    if form.is_bound and form.is_valid():
        try:
            values = {name: value for name, value in form.cleaned_data.items() if name != "departing"}
            decision = decide_on_the_spot(target, kind=kind, actor=request.user, departs=departs, **values)
        except Refused as refusal:
            form.add_error(None, refusal.message)
            form.ask_about_names(can_be_confirmed(refusal))
            status = refusal.status if refusal.status in (403, 409) else 422
        else:
            waits = _("Decided. A second moderator confirms it; nobody hears of it before.")
            done = _("Decided. Whoever wrote it hears why, and can contest it.")
            messages.success(request, waits if waiting_for(decision.case) else done)
            return SeeOther(target.get_absolute_url())
    context = _context(target, kind, form, request) | {"departure": departure}
    return render(request, "cases/on_the_spot.html", context, status=status)


@team_page
@require_safe
def newest_case(request: TeamRequest, kind: str, public_id: uuid.UUID) -> HttpResponse:
    """From a comment or a discussion to its newest case that the person may see."""
    about = {"comment": "subject__comment__public_id", "discussion": "subject__discussion__public_id"}.get(kind)
    cases = open_to(Case.objects.filter(**{about: public_id}), request.user) if about else Case.objects.none()
    case = cases.order_by("-pk").first()
    if case is None:
        raise Http404
    return redirect(case.get_absolute_url())


def _find(model: type[Comment] | type[Discussion], public_id: uuid.UUID, request: TeamRequest) -> Comment | Discussion:
    target = find_target(model.__name__.lower(), public_id, request.user)
    assert isinstance(target, Comment | Discussion)
    return target


def _context(target: Comment | Discussion, kind: str, form: SpotForm, request: TeamRequest) -> dict[str, object]:
    discussion = target.discussion if isinstance(target, Comment) else target
    about = Subject(comment=target) if isinstance(target, Comment) else Subject(discussion=target)
    cases = Case.objects.filter(**{f"subject__{about.kind}": target, "state": Case.State.OPEN})
    return {
        "target": target,
        "discussion": discussion,
        "kind": KINDS[kind],
        "consequence": KINDS[kind].consequence(Measure(kind=kind, subject=about)),
        "words": target.text[:MOST_SHOWN] if isinstance(target, Comment) else "",
        "case": open_to(cases, request.user).first(),
        "form": form,
    }
