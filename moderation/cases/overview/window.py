"""The owner's time to answer, for those who decide: how it stands, and what follows from it (D2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from moderation.cases.actions.windows import explained, restrained
from moderation.cases.clocks import State
from moderation.cases.models import Case, Party
from moderation.cases.overview.parties import PartyPanel
from moderation.policy.models import Clause
from moderation.sanctions.measures import MeasureKind


@dataclass(frozen=True)
class Window:
    """`owner` is the owner's side as a party, None before it was asked; `restrained` are the measures that wait."""

    moderated: bool
    owner: PartyPanel | None
    restrained: list[MeasureKind]
    # Of which measures one says why a request does not suffice (E3).
    explained: list[MeasureKind]
    until: datetime | None
    askable: bool

    @property
    def state(self) -> str:
        return self.owner.state if self.owner else State.UNASKED

    @property
    def waits(self) -> bool:
        """Whether some measures need a reason why they cannot wait."""
        return bool(self.restrained) and not (self.owner and self.owner.heard)


def window_of(case: Case, parties: Sequence[PartyPanel], kinds: Sequence[MeasureKind]) -> Window:
    """How the owner's time stands in `case`; `kinds` are the measures on offer. No query."""
    owners = (one for one in parties if one.party.role == Party.Role.OWNER)
    owner = next((one for one in owners if one.party.left_at is None), None)
    author = case.subject.author
    codes = [kind.code for kind in kinds]
    waiting, explaining = set(restrained(case, None, codes)), set(explained(case, None, codes))
    return Window(
        moderated=case.track == Clause.Track.MODERATED,
        owner=owner,
        restrained=[kind for kind in kinds if kind.code in waiting],
        explained=[kind for kind in kinds if kind.code in explaining],
        until=owner.party.answer_until if owner else None,
        # Of an organization one finds out when one asks.
        askable=author is None or (author.is_active and not author.is_system),
    )
