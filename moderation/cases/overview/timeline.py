"""The events of a case in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from community.models import Comment
from community.projections import latest_text
from moderation.cases.events import unseal
from moderation.cases.feedback import GIVEN, OWNER
from moderation.cases.models import Case, Decision, Event, EventText
from moderation.cases.queries import events_of
from moderation.policy.models import Clause
from moderation.sanctions.models import Measure

MOST = 100
TONES = {"case.decided": "ok", "case.acted_on": "warn", GIVEN: "wait", "measure.lifted": "ok"}


@dataclass(frozen=True)
class Entry:
    """An event as a line: what happened, in whose words, and where these stand."""

    event: Event
    what: str
    words: str
    link: str

    @property
    def tone(self) -> str:
        return TONES.get(self.event.kind, "")


def entries(case: Case, *, since: int = 0) -> list[Entry]:
    """The events of `case` after its version `since`, newest first, at most a hundred; four queries."""
    found = events_of(case).filter(case_version__gt=since).order_by("-number")[:MOST]
    return describe(list(found))


def answers(case: Case) -> list[Entry]:
    """What people answered to a decided case since somebody read it, oldest first, at most a hundred; four queries."""
    if case.state != Case.State.DECIDED or case.answered_at is None:
        return []
    found = events_of(case).filter(kind=GIVEN, at__gte=case.answered_at)[:MOST]
    return describe(list(found))


def describe(events: Sequence[Event]) -> list[Entry]:
    """`events` in words, with the texts beside them; two queries."""
    titles = dict(Clause.objects.values_list("code", "title"))
    ids = [UUID(event.data["comment"]) for event in events if "comment" in event.data]
    rows = Comment.objects.filter(public_id__in=ids).select_related("discussion__repository__namespace")
    comments = {one.public_id.hex: one for one in rows.annotate(written=latest_text())}
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
    if event.kind == GIVEN:
        by_owner = data.get("side") == OWNER
        return _("The owner answered in the public discussion") if by_owner else _("An answer in the public discussion")
    if event.kind == "answers.read":
        return _("We read the answers in the public discussion")
    if event.kind == "measure.lifted":
        return _("Lifted: %(measure)s") % {"measure": _measure(data.get("kind", ""))}
    if event.kind in ("case.decided", "case.acted_on"):
        return _decision(event, clause)
    if event.kind == "appeal.filed":
        return _("The decision was contested")
    if event.kind == "appeal.decided":
        return _("The appeal was answered")
    return event.kind


def _decision(event: Event, clause: str) -> str:
    if event.data.get("outcome") == Decision.Outcome.NO_VIOLATION:
        return _("Decided: no violation")
    measures = ", ".join(_measure(kind) for kind in event.data.get("measures", []))
    pattern = (
        _("A rule acted for the time being: %(clause)s. Measures: %(measures)s")
        if event.kind == "case.acted_on"
        else _("Decided: %(clause)s. Measures: %(measures)s")
    )
    return pattern % {"clause": clause, "measures": measures}


def _measure(kind: str) -> str:
    return str(Measure.Kind(kind).label) if kind in Measure.Kind.values else kind
