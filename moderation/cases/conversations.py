"""What we and a party wrote to each other: the newest of it, and page by page what was written before (D1)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet, Window
from django.db.models.functions import RowNumber
from django.http import QueryDict

from foundation.pages import page, query_after
from moderation.cases.models import Party, PartyMessage

# A thread shows so many of its newest messages; those before them stand on pages of their own.
NEWEST_MESSAGES = 50
BACKWARDS = ("-id",)


@dataclass(frozen=True)
class Thread:
    """Messages of one party, oldest first.

    `earlier` is the query string of the page with what was written before these; "" where that is all of it.
    """

    messages: Sequence[PartyMessage] = ()
    earlier: str = ""


def threads_of(parties: Sequence[Party]) -> dict[int, Thread]:
    """The newest messages of each of `parties`, by their ids; one query, none without parties."""
    if not parties:
        return {}
    newest: dict[int, list[PartyMessage]] = defaultdict(list)
    # Counted within each thread: a long one leaves room to the others.
    place = Window(RowNumber(), partition_by="party", order_by="-pk")
    rows = PartyMessage.objects.filter(party__in=parties).alias(place=place).filter(place__lte=NEWEST_MESSAGES + 1)
    for message in rows.select_related("author").order_by("pk"):
        newest[message.party_id].append(message)
    return {one.pk: _newest(newest[one.pk]) for one in parties}


def thread_of(party: Party, query: QueryDict) -> Thread:
    """The messages of `party` before the place that `query` names, else the newest; one query.

    Raises Refused (400) for a place that is not one of ours.
    """
    found = page(messages_of(party), query, order=BACKWARDS, size=NEWEST_MESSAGES)
    return Thread(list(reversed(found.rows)), found.next)


def messages_of(party: Party) -> QuerySet[PartyMessage]:
    """The thread of a party with its authors."""
    return PartyMessage.objects.filter(party=party).select_related("author")


def _newest(messages: Sequence[PartyMessage]) -> Thread:
    """Of the newest messages, oldest first and perhaps one more."""
    if len(messages) <= NEWEST_MESSAGES:
        return Thread(messages)
    shown = messages[-NEWEST_MESSAGES:]
    return Thread(shown, query_after(QueryDict(), [shown[0].pk]))
