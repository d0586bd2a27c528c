"""What somebody contested, for the team, and lifting a limit on it (DSA art. 23)."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.models import User
from foundation.pages import page
from moderation.appeals.actions import lift_appeal_limit
from moderation.appeals.actions.bad_faith import limits_now
from moderation.appeals.models import AppealLimit
from moderation.appeals.queries import appeals_of
from moderation.cases.views.team import SeeOther, TeamRequest, team_page


@team_page
@require_safe
def appeals_of_person(request: TeamRequest, person_id: UUID) -> HttpResponse:
    """Appeals of a person in cases that the viewer may see, newest first, and the limits on them."""
    person = _find_person(request, person_id)
    context = {
        "person": person,
        "page": page(appeals_of(person, request.user), request.GET, order=("-created_at", "-id"), size=30),
        "limit": limits_now(person).first(),
        "limits": AppealLimit.objects.filter(person=person).select_related("lifted_by").order_by("-pk")[:10],
    }
    return render(request, "appeals/of_person.html", context)


@team_page
@require_POST
def lift_limit(request: TeamRequest, person_id: UUID) -> HttpResponse:
    """Let a person contest as before; they hear of it."""
    person = _find_person(request, person_id)
    if limits_now(person).exists():
        lift_appeal_limit(person, actor=request.user)
        messages.success(request, _("Lifted. %(person)s hears of it.") % {"person": person.username})
    else:
        messages.info(request, _("This limit holds no more."))
    return SeeOther(request.path.rpartition("/")[0])


def _find_person(request: TeamRequest, person_id: UUID) -> User:
    """Somebody else: what is held about members of the team bypasses them (C1)."""
    if person_id == request.user.public_id:
        raise Http404
    return get_object_or_404(User, public_id=person_id)
