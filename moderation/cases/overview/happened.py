"""What happened to a case apart from reports and decisions, in words."""

from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from foundation.templatetags.foundation import exact
from moderation.cases.models import CaseLink, Event, Party
from moderation.policy.models import Clause
from repositories.models import Condition

WORDS = {
    "case.woken": gettext_lazy("Brought back before its time"),
    "case.reopened": gettext_lazy("We look at it again"),
    "marks.withdrawn": gettext_lazy("Reports are no longer marked as made in bad faith"),
    "case.handed_over": gettext_lazy("Handed over"),
    "note.added": gettext_lazy("A note"),
    "summary.published": gettext_lazy("We described it in public in our own words"),
    "window.overridden": gettext_lazy("It could not wait for the owner"),
    "condition.withdrawn": gettext_lazy("A condition was withdrawn"),
    "requests.insufficient": gettext_lazy("Why a request to the owner does not suffice"),
}
ROLE_WORDS = {
    "party.invited": gettext_lazy("Takes part: %(role)s"),
    "party.asked": gettext_lazy("We asked: %(role)s"),
    "party.answered": gettext_lazy("Answered us: %(role)s"),
    "party.replied": gettext_lazy("We replied: %(role)s"),
    "party.closed": gettext_lazy("We replied and wait no more: %(role)s"),
    "party.left": gettext_lazy("Takes part no more: %(role)s"),
    "party.named": gettext_lazy("Agreed to be named: %(role)s"),
    "party.unnamed": gettext_lazy("Does not want to be named any more: %(role)s"),
    "window.ended": gettext_lazy("Let the time to answer pass: %(role)s"),
}
OWNER_WORDS = {
    "request.made": gettext_lazy("Asked of the owner: %(what)s"),
    "request.met": gettext_lazy("The owner did what we asked for: %(what)s"),
    "request.unmet": gettext_lazy("Done no longer: %(what)s"),
}
TONES = {
    "party.answered": "wait",
    "window.ended": "warn",
    "window.overridden": "warn",
    "case.reopened": "wait",
    "request.met": "wait",
    "request.unmet": "warn",
    "condition.broken": "warn",
}


def said_of(event: Event) -> str:
    """What happened, in the active language; "" for a kind that is not told here."""
    data: dict[str, Any] = event.data
    if event.kind in WORDS:
        return str(WORDS[event.kind])
    if event.kind in ROLE_WORDS:
        return str(ROLE_WORDS[event.kind]) % {"role": _label(Party.Role, data.get("role", ""))}
    if event.kind in OWNER_WORDS:
        return str(OWNER_WORDS[event.kind]) % {"what": _label(Condition, data.get("condition", ""))}
    if event.kind == "condition.broken":
        return _("The owner no longer keeps a condition: %(what)s") % {"what": _label(Condition, data.get("code", ""))}
    if event.kind == "track.chosen":
        return _("Track: %(track)s") % {"track": _label(Clause.Track, data.get("track", ""))}
    if event.kind == "case.snoozed":
        until = parse_datetime(data.get("until", ""))
        return _("Snoozed until %(moment)s") % {"moment": exact(until) if until else ""}
    if event.kind in ("case.linked", "case.unlinked"):
        reason = {"reason": _label(CaseLink.Reason, data.get("reason", ""))}
        linked = event.kind == "case.linked"
        return (_("Linked to another case: %(reason)s") if linked else _("Link taken away: %(reason)s")) % reason
    return ""


def _label(choices: Any, code: str) -> str:
    return str(choices(code).label) if code in choices.values else code
