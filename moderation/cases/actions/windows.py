"""The owner's 72 hours: keeping a party's clock, and what a decision must wait for (D2)."""

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.queries import system_actor
from foundation import clock
from foundation.errors import Refused
from moderation.cases import due
from moderation.cases.actions.orders import Verdict
from moderation.cases.clocks import Clock, State
from moderation.cases.events import record
from moderation.cases.models import Case, Deadline, Decision, Party
from moderation.cases.parking import park, unpark
from moderation.cases.related import clock_of, owner_of, owner_side, was_heard
from moderation.policy.models import Clause
from moderation.sanctions.measures import KINDS
from repositories.actions.owner_requests import move_date

SHORTEST_OVERRIDE = 10


class OwnerNotHeard(Refused):
    """The owner was not asked, or has time left to answer."""

    code = "owner_not_heard"


class WhyNotAsked(Refused):
    """Nobody said why a request to the owner does not suffice."""

    code, status = "insufficient", 400


def keep_clock(row: Case, party: Party, kept: Clock) -> None:
    """Store the clock of `party`, wake us at its end, and let the case wait or come back; `row` is locked."""
    party.asked_at, party.answer_until = kept.asked_at, kept.until
    party.paused_at, party.left = kept.paused_at, kept.left
    party.save(update_fields=["asked_at", "answer_until", "paused_at", "left"])
    due.settle(row, Deadline.Kind.WINDOW, party=party)
    if kept.until is not None and kept.state(clock.now()) == State.RUNS:
        due.expect(row, Deadline.Kind.WINDOW, kept.until, party=party)
        if party.role == Party.Role.OWNER and row.subject.repository_id is not None:
            move_date(row.subject.repository_id, kept.until)  # of what is asked of the owner there is one date
    wait_or_come_back(row)


def wait_or_come_back(row: Case) -> None:
    """Park the locked case while every party that was asked has time left; else it lies in the queue again.

    It waits until the first of these times is over, and no longer than until somebody of us must have looked.
    """
    now = clock.now()
    asked = [clock_of(one) for one in Party.objects.filter(case=row, left_at=None, asked_at__isnull=False)]
    open_ones = [one for one in asked if one.state(now) != State.CLOSED]
    ends = [one.until for one in open_ones if one.until is not None and one.state(now) == State.RUNS]
    if row.parked not in ("", Case.Parked.OWNER):
        return
    until = min([*ends, *([row.due_at] if row.due_at else [])], default=now)
    if ends and len(ends) == len(open_ones) and until > now:
        park(row, Case.Parked.OWNER, until)
    else:
        unpark(row)


def window_ended(row: Case, deadline: Deadline) -> None:
    """A party let its time pass: the case lies in the queue again; what holds was so before any worker came."""
    party = deadline.party
    if party is None or clock_of(party).state(clock.now()) != State.OVER:
        return
    record(
        row, "window.ended", actor=system_actor(), data={"party": party.public_id.hex, "role": party.role}, moves=False
    )
    wait_or_come_back(row)


def restrained(row: Case, clause: Clause | None, kinds: list[str]) -> list[str]:
    """Which of these measures need that the owner was heard first, if the case is decided under `clause`; no query.

    The case's own clause has the track that the case has: one of us may have chosen it (D3). Warnings on people and
    what is asked of the owner do not wait.
    """
    return [kind for kind in _worked_out(row, clause, kinds) if KINDS[kind].waits_for_owner]


def explained(row: Case, clause: Clause | None, kinds: list[str]) -> list[str]:
    """Of which of these measures one says why a request to the owner does not suffice, in the same way (E3)."""
    return [kind for kind in _worked_out(row, clause, kinds) if KINDS[kind].asks_why_requests_fail]


def _worked_out(row: Case, clause: Clause | None, kinds: list[str]) -> list[str]:
    track = row.track if clause is None or clause.pk == row.clause_id else clause.track
    if track != Clause.Track.MODERATED or row.subject.repository_id is None:
        return []
    return [kind for kind in kinds if kind in KINDS]


def require_why_not_asked(row: Case, verdict: Verdict, actor: User) -> None:
    """In the moderated track what restricts a repository says why a request to its owner does not suffice (E3).

    Raises Refused (400) without a sentence that says so.
    """
    if verdict.interim or verdict.outcome != Decision.Outcome.VIOLATION or clock.is_importing():
        return
    if len(verdict.insufficient.strip()) >= SHORTEST_OVERRIDE:
        return
    if verdict.insufficient.strip() or explained(row, verdict.clause, [one.kind for one in verdict.measures]):
        raise WhyNotAsked(
            _("Say in a sentence why a request to the owner does not suffice: this restricts the repository.")
        )


def require_owner_heard(row: Case, verdict: Verdict, actor: User) -> None:
    """In the moderated track the owner has about 72 hours to answer; urgent circumstances override it (D2).

    Raises OwnerNotHeard where a measure would come before that, Refused for an override without a reason.
    """
    if verdict.interim or verdict.outcome != Decision.Outcome.VIOLATION or clock.is_importing():
        return
    if not restrained(row, verdict.clause, [one.kind for one in verdict.measures]):
        return
    if verdict.override.strip():
        if len(verdict.override.strip()) < SHORTEST_OVERRIDE:
            raise Refused(_("Say in a sentence why this cannot wait for the owner."), code="invalid", status=400)
        return
    party, now = owner_of(row), clock.now()
    if party is not None and was_heard(party, now):
        return
    state = clock_of(party).state(now) if party else State.UNASKED
    if state == State.UNASKED and owner_side(row.subject):
        raise OwnerNotHeard(
            _(
                "The owner has not been asked yet. Ask first, or say why this cannot wait; a tag or a warning can come "
                "now."
            )
        )
    if state == State.RUNS:
        raise OwnerNotHeard(
            _("The owner still has time to answer. Wait for it, or say why this cannot wait; a tag or a warning can "
              "come now.")
        )  # fmt: skip
    if state == State.OVER:
        raise OwnerNotHeard(
            _("The owner had less time than they have to answer us. Wait for the rest, or say why this cannot wait; a "
              "tag or a warning can come now.")
        )  # fmt: skip
