"""What a decision asks for."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from moderation.policy.models import Clause


@dataclass(frozen=True)
class MeasureOrder:
    """One measure that a decision asks for: its kind.

    `until_looked`: a lane's hold, which stands until a human has looked, whatever the clause lets rules do (C6, C9).
    """

    kind: str
    until_looked: bool = False


@dataclass(frozen=True)
class Verdict:
    """A decision before it is made: outcome, clause, measures, the words that people will read.

    `override` says why it cannot wait for the owner's 72 hours (D2); `interim` is a rule's, for the time being (I1);
    `bad_faith` are the public ids of reports that were made in bad faith (C4).
    """

    outcome: str
    clause: Clause | None
    measures: Sequence[MeasureOrder]
    explanation: str
    override: str = ""
    interim: bool = False
    bad_faith: Sequence[UUID] = ()
