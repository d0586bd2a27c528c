"""What a party gets to see of a case: the one place where pages, mails and notices of parties take it from (D1).

Nobody learns here who else is in the case, who reported it, or who of us works on it: others are their role, unless
they agreed to be named. What a case is about is called by its full name to its owner; to everybody else only what is
public says what it is, and never whose.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.models import User
from moderation.cases.clocks import NOTHING, Clock, State, in_words
from moderation.cases.conversations import thread_of
from moderation.cases.models import Case, Decision, Party, PartyMessage
from moderation.cases.related import clock_of
from moderation.policy.models import Clause


@dataclass(frozen=True)
class Line:
    """A message of the thread. `side` is "team", "you", or "yours" for somebody else of one's organization."""

    message: PartyMessage
    side: str


@dataclass(frozen=True)
class Matter:
    """A case as one party sees it; `earlier` leads to what was written before the `lines`, "" where that is all."""

    party: Party
    what: str
    link: str
    clause: Clause | None
    others: list[str]
    lines: list[Line]
    earlier: str
    clock: Clock
    state: State
    decision: Decision | None

    @property
    def left_words(self) -> str:
        """What is left of their time, such as "1 day, 18 hours"; of a clock that stands."""
        return in_words(self.clock.left or NOTHING)

    @property
    def contest_until(self) -> datetime | None:
        """Until when the party can contest the decision; the owner contests what affects them on its own page (G2)."""
        if self.decision is None or self.party.left_at is not None or self.party.role == Party.Role.OWNER:
            return None
        return self.decision.contest_until

    @property
    def open(self) -> bool:
        """Whether the party can still answer."""
        return self.party.case.state == Case.State.OPEN and self.party.left_at is None


def matter_of(party: Party, viewer: User, now: datetime, query: QueryDict | None = None) -> Matter:
    """The case of `party` as `viewer`, who is of it, sees it at `now`; three queries.

    With the newest messages, or those before the place that `query` names. Raises Refused (400) for a wrong place.
    """
    others = Party.objects.filter(case=party.case, left_at=None).exclude(pk=party.pk).select_related("user")
    thread = thread_of(party, QueryDict() if query is None else query)
    kept = clock_of(party)
    decided = Decision.objects.final().filter(case=party.case).select_related("policy_version").order_by("-pk")
    return Matter(
        party=party,
        what=what_for(party),
        link=party.case.subject.get_absolute_url() if _owns(party) else "",
        clause=clause_for(party),
        others=[_called(one) for one in others.order_by("pk")],
        lines=lines_for(thread.messages, viewer),
        earlier=thread.earlier,
        clock=kept,
        state=kept.state(now),
        decision=decided.first() if party.case.state == Case.State.DECIDED else None,
    )


def lines_for(messages: Iterable[PartyMessage], viewer: User) -> list[Line]:
    """The same messages as `viewer` reads them: nobody of us is named."""
    return [Line(message, _side(message, viewer)) for message in messages]


def clause_for(party: Party) -> Clause | None:
    """The clause that a party is told; None where it is never public, and our words have to do (clauses.md)."""
    clause: Clause = party.case.clause
    return None if clause.publicity == Clause.Publicity.NO else clause


def what_for(party: Party) -> str:
    """What the case is about, as `party` may know it, in the active language."""
    subject = party.case.subject
    if _owns(party):
        return _what_of_owner(party)
    if subject.repository is not None:
        name = {"name": subject.repository.name}
        return _("the repository “%(name)s”") % name if subject.repository.is_public else _("a repository")
    names = {
        "comment": _("a comment"),
        "discussion": _("a discussion"),
        "user": _("an account"),
        "organization": _("an organization"),
    }
    return names[subject.kind]


def _owns(party: Party) -> bool:
    """Whether it is theirs still: an earlier owner learns of it, where it is now, what everybody does."""
    return party.role == Party.Role.OWNER and party.left_at is None


def _what_of_owner(party: Party) -> str:
    subject = party.case.subject
    if subject.comment is not None:
        return _("your comment in “%(title)s”") % {"title": subject.comment.discussion.title}
    if subject.discussion is not None:
        return _("your discussion “%(title)s”") % {"title": subject.discussion.title}
    if subject.user_id:
        return _("your account")
    return str(subject.target)


def _called(party: Party) -> str:
    if not party.named or party.user is None:
        return str(party.get_role_display())
    return party.user.fullname or (str(party.get_role_display()) if party.user.is_guest else party.user.username)


def _side(message: PartyMessage, viewer: User) -> str:
    if message.from_team:
        return "team"
    return "you" if message.author_id == viewer.pk else "yours"
