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
from moderation.cases.related import clock_of, owner_side
from moderation.policy.models import Clause
from moderation.sanctions.measures import KINDS
from moderation.sanctions.models import Measure

SHORTEST_OVERRIDE = 10
# Set where their criteria are met, without waiting (E2); a hold is for the time being.
AT_ONCE = {Measure.Kind.NFAA, Measure.Kind.HOLD}


class OwnerNotHeard(Refused):
    """The owner was not asked, or has time left to answer."""

    code = "owner_not_heard"


def keep_clock(row: Case, party: Party, kept: Clock) -> None:
    """Store the clock of `party`, wake us at its end, and let the case wait or come back; `row` is locked."""
    party.asked_at, party.answer_until = kept.asked_at, kept.until
    party.paused_at, party.left = kept.paused_at, kept.left
    party.save(update_fields=["asked_at", "answer_until", "paused_at", "left"])
    due.settle(row, Deadline.Kind.WINDOW, party=party)
    if kept.until is not None and kept.state(clock.now()) == State.RUNS:
        due.expect(row, Deadline.Kind.WINDOW, kept.until, party=party)
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
    track = row.track if clause is None or clause.pk == row.clause_id else clause.track
    if track != Clause.Track.MODERATED or row.subject.repository_id is None:
        return []
    known = [KINDS[kind] for kind in kinds if kind in KINDS]
    return [one.code for one in known if one.code not in AT_ONCE and one.person(row.subject) is None]


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
    party = Party.objects.filter(case=row, role=Party.Role.OWNER).first()
    state = clock_of(party).state(clock.now()) if party else State.UNASKED
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
