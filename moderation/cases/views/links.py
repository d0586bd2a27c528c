"""Linked cases, and those that might belong together."""

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from foundation.errors import Refused
from moderation.cases import overview
from moderation.cases.actions import link, unlink
from moderation.cases.case_forms import LinkForm
from moderation.cases.models import Case
from moderation.cases.queries import open_to
from moderation.cases.views.team import SeeOther, TeamRequest, find_case, team_page
from moderation.cases.views.verbs import carry_out, find_review


@team_page
@require_safe
def related_cases(request: TeamRequest, case_id: uuid.UUID) -> HttpResponse:
    """What is linked and what might be: the panel’s content for htmx, a page of its own without JavaScript."""
    case = find_review(case_id, request)
    context = {
        "case": case,
        "linked": overview.linked_cases(case, request.user),
        "suggested": overview.suggestions(case, request.user),
        "link_form": LinkForm(),
    }
    part = "#related" if request.htmx else ""
    return render(request, f"cases/related.html{part}", context)


@team_page
@require_POST
def link_case(request: TeamRequest, case_id: uuid.UUID) -> HttpResponse:
    """Link another case to this one."""
    case = find_review(case_id, request)
    form = LinkForm(request.POST)

    def do(values: dict[str, Any]) -> str:
        other = open_to(Case.objects.filter(public_id=values["other"]), request.user).first()
        if other is None:
            raise Refused(_("There is no such case, or it is not for you to see."), code="not_found", status=404)
        link(case, other, actor=request.user)
        return _("Linked. Both stay cases of their own.")

    return carry_out(request, case, form, do, link_form=form)


@team_page
@require_POST
def unlink_case(request: TeamRequest, case_id: uuid.UUID, other_id: uuid.UUID) -> HttpResponse:
    """Take a link away; nothing happens where there is none."""
    case = find_review(case_id, request)
    unlink(case, find_case(other_id, request.user), actor=request.user)
    return SeeOther(case.get_absolute_url())
