"""The events of a case in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.models import Comment
from community.projections import unheld_text
from moderation.cases.actions.lift_together import TOGETHER
from moderation.cases.actions.routing import ROUTED
from moderation.cases.events import unseal
from moderation.cases.feedback import ENDED, GIVEN, NEWS, OWNER
from moderation.cases.models import Case, Decision, Event, EventText
from moderation.cases.overview.happened import TONES as HAPPENED
from moderation.cases.overview.happened import said_of
from moderation.cases.queries import BESIDE, CLAIMED, EVIDENCE_READ, RELEASED, events_of
from moderation.policy.models import Clause, Lane
from moderation.reports.models import Report
from moderation.sanctions.measures import judging
from moderation.sanctions.models import Measure
from repositories.models import Condition

MOST = 100
# Somebody brought it into another lane, or a report did.
MOVED = ("case.escalated", ROUTED)
# What is said of an event whatever it holds.
SAID = {
    "evidence.opened": gettext_lazy("Opened what is locked away"),
    "evidence.released": gettext_lazy("What was locked away was put back: it is not of this clause"),
    "evidence.destroyed": gettext_lazy("What was locked away was destroyed: its time was over"),
    "erasure.ordered": gettext_lazy("The decision is final: it is being destroyed"),
    "erasure.done": gettext_lazy("Destroyed, wherever it was kept; only this record is left"),
    "quarantine.ordered": gettext_lazy(
        "The decision is final: it is being locked away, and taken from everywhere else"
    ),
    "quarantine.done": gettext_lazy("Locked away: nothing serves it any more, and its date destroys it"),
    "evidence.handed_over": gettext_lazy("Files that are locked away were handed over"),
    "legal_hold.placed": gettext_lazy("A legal hold: nothing about this is destroyed while it stands"),
    "legal_hold.lifted": gettext_lazy("The legal hold was lifted"),
    "claim.changed": gettext_lazy("A claim of rights was completed"),
    "counter.sent": gettext_lazy("The owner sent a counter-statement"),
    "counter.suit": gettext_lazy("A suit was filed: nothing is restored by itself"),
    "counter.restored": gettext_lazy("Restored: contradicted, and no suit was filed in time"),
    "support.sent": gettext_lazy("We sent our letter of support"),
    "appeal.filed": gettext_lazy("The decision was contested"),
    "appeal.said": gettext_lazy("Whoever contests it wrote to us"),
    "appeal.asked": gettext_lazy("We asked whoever contests it, and wait for the answer"),
    "appeal.told": gettext_lazy("We wrote to whoever contests it"),
    "appeal.decided": gettext_lazy("The appeal was answered"),
    "report.taken_over": gettext_lazy("Somebody who reported as a guest has an account now"),
    "appeal.taken_over": gettext_lazy("Somebody who contested it as a guest has an account now"),
}
LOOKED = {
    "reports": gettext_lazy("Read confidential reports"),
    "attachment": gettext_lazy("Opened a reporter’s file"),
    "appeal_file": gettext_lazy("Opened a file of an appeal"),
    "thread": gettext_lazy("Read a private conversation"),
}
TONES = {
    "case.decided": "ok",
    "decision.confirmed": "ok",
    "decision.declined": "warn",
    "case.acted_on": "warn",
    GIVEN: "wait",
    "measure.lifted": "ok",
    ENDED: "wait",
    TOGETHER: "ok",
}


@dataclass(frozen=True)
class Entry:
    """An event as a line: what happened, in whose words, and where these stand."""

    event: Event
    what: str
    words: str
    link: str

    @property
    def tone(self) -> str:
        return TONES.get(self.event.kind, "") or HAPPENED.get(self.event.kind, "")


def entries(case: Case, *, since: int = 0) -> list[Entry]:
    """The events of `case` after its version `since`, newest first, at most a hundred; four queries.

    Without looks at the evidence, which stand apart (overview.audit).
    """
    found = events_of(case).filter(case_version__gt=since).exclude(kind__in=BESIDE).order_by("-number")[:MOST]
    return describe(list(found))


def answers(case: Case) -> list[Entry]:
    """What is new on a decided case since somebody read it, oldest first, at most a hundred; four queries.

    Answers of people, and measures that ended by themselves.
    """
    if case.state != Case.State.DECIDED or case.answered_at is None:
        return []
    found = events_of(case).filter(kind__in=NEWS, at__gte=case.answered_at)[:MOST]
    return describe(list(found))


def describe(events: Sequence[Event]) -> list[Entry]:
    """`events` in words, with the texts beside them; two queries."""
    titles = dict(Clause.objects.values_list("code", "title"))
    if any(event.kind in MOVED for event in events):
        titles |= {f"lane {code}": title for code, title in Lane.objects.values_list("code", "title")}
    ids = [UUID(event.data["comment"]) for event in events if "comment" in event.data]
    rows = Comment.objects.filter(public_id__in=ids).select_related("discussion__repository__namespace")
    comments = {one.public_id.hex: one for one in rows.annotate(written=unheld_text())}
    lines = []
    for event in events:
        comment = comments.get(event.data.get("comment", ""))
        words = comment.written if comment else _sealed(event)
        lines.append(Entry(event, _what(event, titles), words, comment.get_absolute_url() if comment else ""))
    return lines


def _sealed(event: Event) -> str:
    try:
        return unseal(event.sealed)
    except EventText.DoesNotExist:
        return ""


def _what(event: Event, titles: dict[str, str]) -> str:
    data: dict[str, Any] = event.data
    clause = _(titles.get(data.get("clause", ""), ""))
    if event.kind == "report.received":
        return _("A report came in: %(clause)s") % {"clause": clause}
    if event.kind == "report.entered":
        return _("Entered by us: %(channel)s") % {"channel": Report.Channel(data["channel"]).label}
    if event.kind == "report.changed":
        return _("A reporter changed what a report says")
    if event.kind == "report.withdrawn":
        return _("A reporter withdrew a report")
    if event.kind == GIVEN:
        by_owner = data.get("side") == OWNER
        return _("The owner answered in the public discussion") if by_owner else _("An answer in the public discussion")
    if event.kind == "answers.read":
        return _("We read what was new")
    if event.kind in SAID:
        return str(SAID[event.kind])
    if event.kind in MOVED:
        lane = _(titles.get(f"lane {data['to']}", data["to"])) if data.get("to") else ""
        return _("Moved into the lane “%(lane)s”") % {"lane": lane} if lane else _("Moved to the ordinary queue")
    if event.kind == "risk.marked":
        marked = _("Marked as about a person at risk: support, never a sanction")
        return marked if data.get("at_risk") else _("Not about a person at risk after all")
    if event.kind == "evidence.kept":
        return _("Locked-away evidence is kept for the authorities") if data.get("keep") else _("Its time counts again")
    if event.kind == EVIDENCE_READ:
        return _looked(data)
    if event.kind in (CLAIMED, RELEASED):
        return _("Took the case") if event.kind == CLAIMED else _("Gave the case back")
    if event.kind == "measure.lifted":
        return _("Lifted: %(measure)s") % {"measure": _measure(data.get("kind", ""))}
    if event.kind == TOGETHER:
        return _("Lifted together: %(measures)s") % {"measures": ", ".join(_measure(kind) for kind in data["kinds"])}
    if event.kind == ENDED:
        return _("Ended by itself: %(measures)s") % {"measures": ", ".join(_measure(kind) for kind in data["kinds"])}
    if event.kind in ("case.decided", "case.acted_on"):
        return _decision(event, clause)
    if event.kind == "decision.confirmed":
        return _("A second moderator confirmed the decision")
    if event.kind == "decision.declined":
        return _("A second moderator declined the decision")
    if event.kind == "decision.undone":
        return _("We took the decision back; the case is open again")
    if event.kind == "decision.overturned":
        return _overturned(data)
    if said := said_of(event):
        return said
    return event.kind


def _looked(data: dict[str, Any]) -> str:
    kinds = {one.partition(":")[0] for one in data.get("what", [])}
    return ", ".join(str(LOOKED[kind]) for kind in sorted(kinds) if kind in LOOKED) or _("Read evidence")


def _decision(event: Event, clause: str) -> str:
    """What was decided, and under which conditions the repository stays from then on."""
    said = _outcome(event, clause)
    known = [code for code in event.data.get("conditions", ()) if code in Condition.values]
    if not known:
        return said
    conditions = "; ".join(str(Condition(code).label) for code in known)
    return _("%(decided)s. It stays on condition: %(conditions)s") % {"decided": said, "conditions": conditions}


def _outcome(event: Event, clause: str) -> str:
    if event.data.get("outcome") == Decision.Outcome.NO_VIOLATION:
        return _("Decided: no violation")
    if event.kind == "case.acted_on" and not judging(event.data.get("measures", [""])):
        return _("Held until one of us has looked: %(clause)s") % {"clause": clause}
    measures = ", ".join(_measure(kind) for kind in event.data.get("measures", []))
    if event.data.get("second") in ("before", "after"):
        pattern = _("Decided, and waits for a second moderator: %(clause)s. Measures: %(measures)s")
        return pattern % {"clause": clause, "measures": measures}
    pattern = (
        _("A rule acted for the time being: %(clause)s. Measures: %(measures)s")
        if event.kind == "case.acted_on"
        else _("Decided: %(clause)s. Measures: %(measures)s")
    )
    return pattern % {"clause": clause, "measures": measures}


def _overturned(data: dict[str, Any]) -> str:
    if data.get("how") == Decision.Overturned.PARTLY:
        return _("Overturned in part: whoever contested the decision was right about some of it")
    return _("Overturned: whoever contested the decision was right")


def _measure(kind: str) -> str:
    return str(Measure.Kind(kind).label) if kind in Measure.Kind.values else kind
