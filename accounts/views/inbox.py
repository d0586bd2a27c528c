"""What we wrote to a person (G1)."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts import queries
from accounts.actions import mark_all_read, mark_read
from accounts.pages import SignedInRequest, own_page
from foundation.pages import page


@require_safe
@own_page
def inbox(request: SignedInRequest) -> HttpResponse:
    """Messages, newest first; ?unread=1 leaves the read ones out."""
    rows = queries.inbox(request.user)
    only_unread = bool(request.GET.get("unread"))
    if only_unread:
        rows = rows.filter(read_at=None)
    shown = page(rows, request.GET, order=("-created_at", "-id"))
    return render(request, "accounts/inbox.html", {"page": shown, "only_unread": only_unread})


@require_safe
@own_page
def message(request: SignedInRequest, public_id: UUID) -> HttpResponse:
    """One message; opening it marks it as read."""
    found = queries.find_message(request.user, public_id)
    mark_read(found, actor=request.user)
    return render(request, "accounts/message.html", {"message": found})


@require_POST
@own_page
def read_all(request: SignedInRequest) -> HttpResponse:
    count = mark_all_read(actor=request.user)
    if count:
        text = ngettext("%(count)s message is marked as read.", "%(count)s messages are marked as read.", count)
        messages.success(request, text % {"count": count})
    else:
        messages.info(request, _("There was nothing unread."))
    return redirect("accounts:inbox")
