"""The parties of a case with their threads, as the team sees them (D1)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from moderation.cases.clocks import Clock, State, in_words
from moderation.cases.conversations import Thread
from moderation.cases.models import Case, Party
from moderation.cases.related import clock_of, parties_of, was_heard


@dataclass(frozen=True)
class PartyPanel:
    """A party, the newest of its thread and how its time stands."""

    party: Party
    thread: Thread
    clock: Clock
    state: State
    left: timedelta
    heard: bool

    @property
    def counts_from(self) -> datetime | None:
        """From when silence counts, while it runs or is over."""
        return self.clock.counts_from(settings.ANSWER_WITHIN, self.party.answered_at)

    @property
    def left_words(self) -> str:
        """What is left of their time, such as "1 day, 18 hours"."""
        return in_words(self.left)


def party_panels(case: Case, now: datetime) -> list[PartyPanel]:
    """The parties of `case` in the order in which they joined; at most two queries."""
    panels = []
    for party, thread in parties_of(case):
        kept = clock_of(party)
        heard = was_heard(party, now)
        panels.append(PartyPanel(party, thread, kept, kept.state(now), kept.remaining(now), heard))
    return panels
