"""How a person stands with us: what holds, what was said, what they contest, and what we wait for from them (G1)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from foundation.pages import Page, page
from moderation.appeals.fewer import FewerOf, fewer_for
from moderation.appeals.hands import taken_over
from moderation.appeals.models import Appeal
from moderation.appeals.queries import HOLDING, open_among, own_appeals, standing_on
from moderation.appeals.wording import MeasureLine, line
from moderation.cases.clocks import State
from moderation.cases.matters import what_for
from moderation.cases.models import Confirmation
from moderation.cases.related import clock_of, matters_of
from moderation.cases.strikes import striking
from moderation.sanctions.ladder import KEPT, RECENT
from moderation.sanctions.measures import KINDS
from moderation.sanctions.models import Measure, StandingCondition, StatementOfReasons
from moderation.subjects.queries import EVERYTHING
from repositories.access import managed_by
from repositories.asked import how_to, where_to
from repositories.models import OwnerRequest

# Of each thing the newest so many: all that holds, and all that somebody contests, have a list of their own.
MOST = 20


@dataclass(frozen=True)
class Warned:
    """A warning that still counts: fully until one date, a little until the other (F4)."""

    line: MeasureLine
    since: datetime
    counts_until: datetime
    remembered_until: datetime


@dataclass(frozen=True)
class Step:
    """What we wait for from the person: `code` for programs, `what` in words, until when, and where it is done."""

    code: str
    what: str
    until: datetime | None
    address: str


@dataclass(frozen=True)
class Standing:
    """How a person stands at one moment. Of what holds, and of appeals, `more` names those of which there are more."""

    holding: list[MeasureLine]
    warnings: list[Warned]
    appeals: list[Appeal]
    steps: list[Step]
    # Under which repositories of theirs stay (E5).
    conditions: list[StandingCondition]
    # Limits on what they send us, and notices that announce one (C4, G2).
    fewer: list[FewerOf]
    more: frozenset[str]

    @property
    def is_clear(self) -> bool:
        """Whether nothing holds, nothing is waited for, and every condition is kept."""
        limited = any(one.limit for one in self.fewer)
        return not (self.holding or self.steps or limited or any(one.state != "kept" for one in self.conditions))


def standing_of(person: User, now: datetime) -> Standing:
    """How `person` stands at `now`, a moment of the database's clock; at most nineteen queries."""
    appeals = list(own_appeals(person)[: MOST + 1])
    holding = list(standing_on(person).order_by(*HOLDING)[: MOST + 1])
    counts = {"holding": len(holding), "appeals": len(appeals)}
    steps = sorted(
        (*_appeals_to_answer(appeals[:MOST]), *_questions(person, now), *_requests(person)),
        key=lambda one: one.until or now + timedelta(days=3_650),
    )
    return Standing(
        holding=_lines(holding[:MOST], person, now),
        warnings=list(_said(person, now)),
        appeals=appeals[:MOST],
        steps=steps,
        conditions=list(_conditions(person)),
        fewer=list(fewer_for(person, now)),
        more=frozenset(name for name, count in counts.items() if count > MOST),
    )


def all_holding(person: User, query: QueryDict, now: datetime, *, size: int) -> tuple[Page[Measure], list[MeasureLine]]:
    """The page that `query` asks for of all that holds for `person`, the newest first, and its lines."""
    found = page(standing_on(person), query, order=HOLDING, size=size)
    return found, _lines(found.rows, person, now)


def _lines(measures: Sequence[Measure], person: User, now: datetime) -> list[MeasureLine]:
    """Each with where `person` reads why, and may contest it, and until when a second one of us looks at it.

    Three queries.
    """
    keys = [one.pk for one in measures]
    if not keys:
        return []
    statements, seconds = _statements(keys, person), _seconds(keys)
    told: dict[UUID, datetime | None] = {}
    for one in statements.values():
        until = one.contest_until if one.recipient_id == person.pk else None
        told[one.decision_id] = max(filter(None, (told.get(one.decision_id), until)), default=None)
    open_now = open_among(told, person, now)
    return [
        replace(
            line(one, now),
            statement=statement.public_id if (statement := statements.get(one.pk)) else None,
            open=statement is not None and statement.decision_id in open_now,
            second_until=seconds.get(one.pk),
        )
        for one in measures
    ]


def _statements(keys: Sequence[int], person: User) -> dict[int, StatementOfReasons]:
    """By the id of a measure the newest statement of reasons that `person` may read: their own before another's."""
    rows = StatementOfReasons.objects.filter(Q(recipient=person) | Q(pk__in=taken_over(person).values("pk")))
    rows = rows.filter(measures__in=keys).annotate(about=F("measures")).order_by("pk")
    found: dict[int, StatementOfReasons] = {}
    for one in rows:
        known = found.get(one.about)
        if known is None or one.recipient_id == person.pk or known.recipient_id != person.pk:
            found[one.about] = one
    return found


def _seconds(keys: Sequence[int]) -> dict[int, datetime]:
    """By the id of a measure until when a second one of us looks at the decision that it comes with, or holds for."""
    waiting = Confirmation.objects.filter(state=Confirmation.State.WAITING)
    taken = waiting.filter(decision__measures__in=keys).values_list("decision__measures", "due_at")
    held = waiting.filter(hold__in=keys).values_list("hold", "due_at")
    return dict(taken.union(held))


def _conditions(person: User) -> QuerySet[StandingCondition]:
    """Under which the repositories stay that `person` manages."""
    rows = StandingCondition.objects.filter(withdrawn_at=None, subject__repository__namespace__in=managed_by(person))
    rows = rows.filter(subject__repository__deleted_at=None).select_related("subject__repository__namespace")
    return rows.order_by("-pk")[:MOST]


def _said(person: User, now: datetime) -> Iterator[Warned]:
    """Warnings of the last half year that are part of a strike: of what the case was decided last, since that (F4)."""
    said = [kind.code for kind in KINDS.values() if not kind.enforced]
    counts = striking().filter(measures=OuterRef("pk"), decided_at__gt=now - KEPT)
    rows = Measure.objects.filter(kind__in=said, statements__recipient=person, lifted_at=None)
    rows = rows.annotate(since=Subquery(counts.order_by("-pk").values("decided_at")[:1])).exclude(since=None)
    subject = [f"subject__{path}" for path in EVERYTHING]
    found: Any = rows.select_related("clause", *subject).distinct().order_by("-pk")[:MOST]
    for one in found:
        yield Warned(line(one, now), one.since, one.since + RECENT, one.since + KEPT)


def _appeals_to_answer(appeals: list[Appeal]) -> Iterator[Step]:
    for appeal in appeals:
        if appeal.state == Appeal.State.OPEN and appeal.waits_for == Appeal.Side.APPELLANT:
            address = reverse("appeals:own", args=[appeal.public_id])
            yield Step("answer_appeal", _("We asked you something about your appeal."), appeal.answer_until, address)


def _questions(person: User, now: datetime) -> Iterator[Step]:
    """What we asked the person, or an organization whose admin they are, while their time runs."""
    for rows in matters_of(person):
        asked = rows.filter(left_at=None, answer_until__gt=now, paused_at=None)[:MOST]
        for party in asked:
            if clock_of(party).state(now) == State.RUNS:
                words = _("We asked you about %(what)s, and decide when we have your answer or your time is over.")
                address = reverse("cases:matter", args=[party.public_id])
                yield Step("answer_question", words % {"what": what_for(party)}, party.answer_until, address)


def _requests(person: User) -> Iterator[Step]:
    """What we asked an owner to do, and is not done (E1)."""
    rows = OwnerRequest.objects.filter(ended_at=None, met_at=None, repository__namespace__in=managed_by(person))
    rows = rows.filter(repository__deleted_at=None).select_related("repository__namespace").order_by("until")
    for asked in rows[:MOST]:
        words = _("%(repository)s: %(how)s")
        how = {"repository": asked.repository.full_name, "how": how_to(asked.condition)}
        yield Step("do_request", words % how, asked.until, where_to(asked.repository, asked.condition))
