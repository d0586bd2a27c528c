"""What becomes of the owner's time when what was asked is done, or asked no more (D2, E1)."""

from django.conf import settings

from foundation import clock
from moderation.cases.actions.windows import keep_clock
from moderation.cases.clocks import Clock, State
from moderation.cases.feedback import REQUESTED
from moderation.cases.models import Case, Party, PartyMessage
from moderation.cases.related import clock_of, owner_of, was_heard
from moderation.sanctions.actions import standing_requests


def wait_no_more(row: Case) -> None:
    """A request was withdrawn: where nothing else is left to do, the owner's time is as if it had not been asked.

    What is left was done by the owner, who was heard by that. `row` is locked.
    """
    party = _waited_for(row)
    if party is None:
        return
    kept = clock_of(party)
    if standing_requests(row.subject_id).exists():
        keep_clock(row, party, kept.answered(clock.now()))
    else:
        keep_clock(row, party, _without_requests(row, party, kept))


def come_back_done(row: Case) -> None:
    """The owner did all that was asked: that is an answer, and the case lies in the queue again; `row` is locked."""
    if (party := _waited_for(row)) is not None:
        keep_clock(row, party, clock_of(party).answered(clock.now()))


def _waited_for(row: Case) -> Party | None:
    """The owner, whom we asked and did not hear yet, although nothing of what was asked is left to do."""
    party, now = owner_of(row), clock.now()
    if party is None or clock_of(party).state(now) == State.UNASKED or was_heard(party, now):
        return None
    left = standing_requests(row.subject_id).filter(owner_request__met_at=None)
    return None if left.exists() else party


def _without_requests(row: Case, party: Party, kept: Clock) -> Clock:
    """The clock of the last question that was none of our requests, of `kept` if that came last; else as never asked.

    An answer, or a word of ours that asked nothing more, closed such a question.
    """
    made = [event.data["message"] for event in row.events.filter(kind=REQUESTED)]
    of_requests = set(PartyMessage.objects.filter(public_id__in=made).values_list("created_at", flat=True))
    kinds, asked = ["party.asked", "party.answered", "party.closed"], None
    closed = last = False
    said = row.events.filter(kind__in=kinds, data__party=party.public_id.hex)
    for event in said.order_by("number"):
        if event.kind != "party.asked":
            closed = True
        elif last := event.at not in of_requests:
            asked, closed = event.at, False
    if asked is None:
        return Clock()
    if last:
        return kept
    question = Clock().asked(asked, settings.ANSWER_WITHIN)
    return question.closed() if closed else question
