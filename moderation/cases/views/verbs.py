"""What the views of the small forms of a case share."""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse

from foundation.errors import Refused
from moderation.cases.models import Case
from moderation.cases.views.case import show_case
from moderation.cases.views.team import SeeOther, TeamRequest, find_case


def find_review(case_id: uuid.UUID, request: TeamRequest) -> Case:
    """A review that the viewer may see. Raises the 404 of an unknown address for every other case, appeals too."""
    case = find_case(case_id, request.user)
    if case.kind != Case.Kind.REVIEW:
        raise Http404
    return case


def carry_out(
    request: TeamRequest, case: Case, form: forms.Form, do: Callable[[dict[str, Any]], Any], **page: Any
) -> HttpResponse:
    """Do what a small form asks for, say so and show the case; what is refused comes back on its page.

    `do` gets the cleaned values and returns the sentence that says what was done; `page` is what shows the form again.
    """
    status = 422
    if form.is_valid():
        try:
            said = do(form.cleaned_data)
        except Refused as refusal:
            case.refresh_from_db()
            form.add_error(None, refusal.message)
            status = refusal.status if refusal.status in (403, 409) else 422
        else:
            messages.success(request, said)
            return SeeOther(case.get_absolute_url())
    return show_case(request, case, status=status, **page)
