"""The inbox of discussions: what a person hears of, and being done with it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.pages import SignedInRequest, own_page
from community.excerpts import Heard
from community.inbox import mark_everything_read, mark_one_read, notifications_of, with_contents
from foundation.pages import page
from repositories.pages import see_other


@require_safe
@own_page
def notifications(request: SignedInRequest) -> HttpResponse:
    """What a person hears of, newest first; ?unread=1 leaves out what was read."""
    rows = with_contents(notifications_of(request.user))
    only_unread = bool(request.GET.get("unread"))
    if only_unread:
        rows = rows.filter(read_at=None)
    shown = page(rows, request.GET, order=("-created_at", "-id"), size=30)
    context = {"page": shown, "heard": [Heard(row) for row in shown.rows], "only_unread": only_unread}
    return render(request, "community/notifications.html", context)


@require_POST
@own_page
def read(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """Be done with one without opening it."""
    mark_one_read(public_id, actor=request.user)
    return _back(request)


@require_POST
@own_page
def read_all(request: SignedInRequest) -> HttpResponse:
    count = mark_everything_read(actor=request.user)
    if count:
        text = ngettext(
            "%(count)s notification is marked as read.", "%(count)s notifications are marked as read.", count
        )
        messages.success(request, text % {"count": count})
    else:
        messages.info(request, _("There was nothing unread."))
    return see_other("community:notifications")


def _back(request: HttpRequest) -> HttpResponseRedirect:
    """To the same page of the list."""
    query = request.GET.urlencode()
    response = HttpResponseRedirect(reverse("community:notifications") + (f"?{query}" if query else ""))
    response.status_code = 303
    return response
