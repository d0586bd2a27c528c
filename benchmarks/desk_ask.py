"""A moderator's program that reads pages of the queue and decides cases; then the database is asked for all of it."""

import http.client
import json
import uuid
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from accounts.actions import create_token, make_moderator, register
from accounts.models import InboxMessage, Scope, User
from accounts.queries import system_actor
from benchmarks.cases_data import Size
from benchmarks.cases_data import fill as fill_cases
from benchmarks.community_post import PATIENCE
from launcher.port import LOOPBACK
from moderation.cases.models import Case, Decision, Event
from moderation.reports.models import Report

URL = "/api/v1/cases"
WORDS = "We read it together with what came before it."


def fill(cases: int) -> str:
    """So many open cases and a quarter as many decided ones; returns the token of a moderator."""
    total = cases * 5 // 4
    fill_cases(Size(total, cases, total * 2, total))
    person = register(User(username="moderating", email="moderating@people.example"), password=None)
    make_moderator(person, actor=system_actor())
    return create_token(person, scope=Scope.MODERATE, actor=person)


class Desk:
    """Asks over one connection that stays open; remembers what was refused and what was decided."""

    def __init__(self, port: int, token: str) -> None:
        self.connection = http.client.HTTPConnection(LOOPBACK, port, timeout=PATIENCE)
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self.refused = 0
        self.decided: list[uuid.UUID] = []
        self._chosen: set[uuid.UUID] = set()

    def pages(self, lane: str, *, further: bool) -> Callable[[], None] | None:
        """What asks for the first page of a lane, or for the one after it; None where there is none."""
        path = f"{URL}?{urlencode({'lane': lane})}" if lane else URL
        if further:
            following = self._ask("GET", path)["next"]
            if following is None:
                return None
            there = urlsplit(following)
            path = f"{there.path}?{there.query}"
        return lambda: self._page(path)

    def _page(self, path: str) -> None:
        self._ask("GET", path)

    def decisions(self, outcome: str, times: int) -> Callable[[], None]:
        """What decides another case each time: about comments, not parked, held by nobody."""
        free = Case.objects.filter(state="open", kind="review", subject_kind="comment", lane=None, parked="")
        free = free.filter(assignee=None, track="restricted").exclude(public_id__in=self._chosen)
        chosen = list(free.order_by("?").values_list("public_id", "version")[:times])
        self._chosen.update(case for case, _version in chosen)
        waiting = iter(chosen)
        asked: dict[str, Any] = {"outcome": outcome, "explanation": WORDS}
        if outcome == Decision.Outcome.VIOLATION:
            asked |= {"clause": "harassment", "measures": [{"kind": "friendly_warning"}]}

        def decide() -> None:
            case, version = next(waiting)
            self._ask("POST", f"{URL}/{case}/decisions", asked | {"version": version})
            self.decided.append(case)

        return decide

    def _ask(self, method: str, path: str, body: Any = None) -> Any:
        headers = self.headers | ({"Idempotency-Key": str(uuid.uuid4())} if body else {})
        self.connection.request(method, path, json.dumps(body) if body else None, headers)
        response = self.connection.getresponse()
        said = json.loads(response.read())
        self.refused += response.status not in (200, 201)
        return said


def missing(desk: Desk) -> dict[str, int]:
    """What is missing of all that a decision commits."""
    cases = Case.objects.filter(public_id__in=desk.decided)
    events = Event.objects.filter(case__in=cases, kind="case.decided", decision__isnull=False)
    told = Report.objects.filter(case_report__case__in=cases).exclude(state__in=["upheld", "rejected"])
    letters = InboxMessage.objects.filter(key__startswith="outcome:").count()
    reports = Report.objects.filter(case_report__case__in=cases).count()
    return {
        "refused": desk.refused,
        "undecided": len(desk.decided) - cases.filter(state="decided").count(),
        "without_event": len(desk.decided) - events.count(),
        "untold": told.count() + max(0, reports - letters),
    }
