"""What the report form offers for one subject, and what each choice leads to (C1, C2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.posting import standing_restriction
from moderation.policy.models import Clause
from moderation.policy.queries import active_clauses
from moderation.policy.questions import Asked, asked_about
from moderation.reports.actions import may_be_public
from moderation.reports.actions.claims import CLAUSE

SHOW_BY_STEPS = _(
    "Describe the steps that show the risk. Never let it produce the harmful thing itself, not even for us."
)
# What somebody who chooses the clause has to know before writing.
NOTES = {
    "minors-sexual-content": _(
        "Never download it, never post it again, never send it to anybody, not even to us: the address is enough."
    ),
    "non-consensual-sexual-content": _("Do not send us the pictures: the address is enough. You owe us no proof."),
    "children-data": _("Do not copy the data into this form: tell us where it is."),
    "privacy-leaked-secrets": _("Do not repeat the secret in this form: tell us where it is."),
    "malware": _("Do not open or run the file again. Tell us where it is and how you noticed."),
    "weapons": SHOW_BY_STEPS,
    "attack-code": SHOW_BY_STEPS,
    "strong-dual-use": SHOW_BY_STEPS,
}
# What a lane's hold hides: one comment, or a card; never a repository (C6).
HELD_KINDS = ("comment", "repository")
THREAT = "threat"


@dataclass(frozen=True)
class Choice:
    """A clause to choose, in the words of its answer: what it leads to, and what to know before.

    `public`: the report would open a public discussion.
    """

    words: str
    clause: Clause
    public: bool
    kind: str

    @property
    def note(self) -> Any:
        return NOTES.get(self.clause.code, "")

    @property
    def sealed(self) -> bool:
        """Whether nothing of it may be copied, shown or sent, to us either (C9)."""
        return self.clause.lane is not None and self.clause.lane.sealed

    @property
    def held(self) -> bool:
        """Whether a report hides the comment, or the card, until we have looked."""
        return self.clause.lane is not None and self.clause.lane.hold and self.kind in HELD_KINDS

    @property
    def claimed(self) -> bool:
        """Whether it is no report but a claim of rights, with a form of its own (C5)."""
        return self.clause.code == CLAUSE

    @property
    def about_life(self) -> bool:
        """Whether somebody's life may be at stake: then help stands beside it (C10)."""
        return self.clause.lane is not None and self.clause.lane.code == THREAT

    @property
    def within_hours(self) -> int:
        """In how many hours we decide; 0 where neither law nor policy sets a time."""
        lane = self.clause.lane.decide_within if self.clause.lane else None
        times = [time for time in (self.clause.decide_within, lane) if time]
        return min(times) // timedelta(hours=1) if times else 0


@dataclass(frozen=True)
class Topic:
    """What a report may be about, and the choices it leads to."""

    code: str
    words: str
    choices: Sequence[Choice]


class Offer:
    """Everything that can be said about a subject of `kind` by `reporter`, None for a guest; at most two queries.

    Nothing is public for a guest or for somebody who may not post: `silenced` (C2).
    """

    def __init__(self, kind: str, reporter: User | None) -> None:
        self.kind = kind
        self.silenced = kind == "repository" and reporter is not None and standing_restriction(reporter) is not None
        self._public = kind == "repository" and reporter is not None and not self.silenced
        self._clauses = list(active_clauses().select_related("lane"))
        self.topics = [self._topic(asked) for asked in asked_about(kind, self._clauses)]

    def topic(self, code: str) -> Topic | None:
        """The topic of this code, if there is one."""
        return next((topic for topic in self.topics if topic.code == code), None)

    def choice(self, code: str, topic: Topic | None = None) -> Choice | None:
        """The choice of a clause in force, in the words of `topic` where it leads there.

        A program or an old link may bring a clause that we ask nobody about such a subject: then in its own words.
        """
        offered = [choice for one in ([topic] if topic else self.topics) for choice in one.choices]
        found = next((choice for choice in offered if choice.clause.code == code), None)
        if found or topic:
            return found or self.choice(code)
        clause = next((clause for clause in self._clauses if clause.code == code), None)
        return self._choice(clause.title, clause) if clause else None

    def _topic(self, asked: Asked) -> Topic:
        return Topic(asked.code, asked.words, [self._choice(one.words, one.clause) for one in asked.answers])

    def _choice(self, words: str, clause: Clause) -> Choice:
        return Choice(words, clause, self._public and may_be_public(self.kind, clause), self.kind)
