"""Sending digests: leased work, at least once, the same Message-ID each time (L3).

Everything is asked for again when a mail goes out: what somebody no longer sees, muted or read, and what was hidden
meanwhile, is in no mail (A2, B2).
"""

from itertools import groupby
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import ngettext

from accounts.models import User
from accounts.zones import zone_of
from community.digests import Rhythm, rhythm_of
from community.excerpts import Heard
from community.inbox import notifications_of, unmuted, with_contents
from community.models import Digest, Discussion, Notification
from community.stop_links import stop_link
from foundation.clock import Now
from foundation.work import work_off

# Notifications that one mail quotes; of the others it says how many there are.
MOST = 50
Group = tuple[Discussion, list[Heard]]


def send_due_digests() -> int:
    """Send every digest that is due; returns how many were worked off, those included that had nothing to say."""
    return work_off(Digest.objects.select_related("recipient"), _send, limit=20)


def _send(digest: Digest) -> None:
    user = digest.recipient
    if not user.is_active or not user.email or rhythm_of(user) == Rhythm.NEVER:
        return
    waiting = unmuted(notifications_of(user), user).filter(read_at=None, mailed_at=None)
    # What is hidden now waits: it may be shown again. From the oldest on, so that a repeated mail begins the same.
    keys = list(waiting.exclude(comment__hidden=True).order_by("created_at", "pk").values_list("pk", flat=True))
    if not keys:
        return
    rows = with_contents(Notification.objects.filter(pk__in=keys[:MOST])).order_by("created_at", "pk")
    mail = compose(digest, [Heard(row) for row in rows], more=len(keys) - MOST)
    Notification.objects.filter(pk__in=keys).update(mailed_at=Now())
    mail.send()


def compose(digest: Digest, heard: list[Heard], *, more: int) -> EmailMultiAlternatives:
    """The mail of `digest`, in the language and the zone of its recipient; `more` are not quoted in it."""
    user = digest.recipient
    language = user.language if user.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    with translation.override(language), timezone.override(zone_of(user)):
        groups = _by_discussion(heard)
        context = {
            "groups": groups,
            "more": max(more, 0),
            "site": settings.SITE_URL.rstrip("/"),
            "stop": stop_link(user),
            "language": language,
        }
        mail = EmailMultiAlternatives(
            _subject(groups),
            render_to_string("community/mail/digest.txt", context),
            to=[user.email],
            headers=_headers(digest, user),
        )
        mail.attach_alternative(render_to_string("community/mail/digest.html", context), "text/html")
    return mail


def _by_discussion(heard: list[Heard]) -> list[Group]:
    """In the order in which the discussions first come, each with what happened there, oldest first."""
    order = list(dict.fromkeys(one.notification.discussion_id for one in heard))
    ordered = sorted(heard, key=lambda one: order.index(one.notification.discussion_id))
    grouped = [list(rows) for _key, rows in groupby(ordered, key=lambda one: one.notification.discussion_id)]
    return [(rows[0].notification.discussion, rows) for rows in grouped]


def _subject(groups: list[Group]) -> str:
    first = groups[0][0]
    others = len(groups) - 1
    parts = {"repository": first.repository.full_name, "title": first.title, "count": others}
    if others:
        words = ngettext(
            "%(repository)s: %(title)s, and %(count)s more discussion",
            "%(repository)s: %(title)s, and %(count)s more discussions",
            others,
        )
    else:
        words = "%(repository)s: %(title)s"
    # A subject is one line: a header of the mail can hold no other.
    return " ".join((words % parts).split())


def _headers(digest: Digest, user: User) -> dict[str, str]:
    host = urlsplit(settings.SITE_URL).hostname
    return {
        "Message-ID": f"<{digest.public_id}@{host}>",
        "Auto-Submitted": "auto-generated",
        "List-Unsubscribe": f"<{stop_link(user)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-Id": f"<discussions.{host}>",
    }
