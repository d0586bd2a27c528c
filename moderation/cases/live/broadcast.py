"""Tells open lines what happened, after asking again who may hear it."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db import Error, close_old_connections, connections

from accounts.models import User
from moderation.cases.live.access import people_of, seen_by
from moderation.cases.live.streams import Stream, Streams
from moderation.cases.queries import latest_event

log = logging.getLogger(__name__)
T = TypeVar("T")

ASK_AGAIN = 60.0  # seconds until everybody's session is asked about again though nothing happened
GAP = 0.25  # seconds between two rounds: the first news goes out at once, a burst after it in one


@dataclass
class News:
    """What was heard since the last round."""

    events: bool = False
    claims: bool = False
    cases: set[int] = field(default_factory=set)
    everything: bool = False  # something may have been missed: everybody looks again

    def concerns(self, stream: Stream) -> bool:
        """Whether something happened, or may have happened, to the case of this page."""
        return self.everything or stream.case in self.cases


@dataclass
class Answer:
    """What the database says before a round: who holds which session, what they may see, the newest event."""

    people: dict[str, User]
    seen: dict[int, set[int]]
    newest: int


class Broadcast:
    """One database connection, in one thread, asks for all lines together."""

    def __init__(self) -> None:
        self.streams = Streams()
        self.news = News()
        self.number = 0  # of the latest notification
        self._wake = asyncio.Event()
        self._database = ThreadPoolExecutor(max_workers=1, thread_name_prefix="database")

    def heard(self, payload: str) -> None:
        """A notification, `event CASE` or `claim CASE`; of anything else the pages look again."""
        kind, _space, case = payload.partition(" ")
        if kind in ("event", "claim") and case.isdecimal():
            self.news.cases.add(int(case))
            self.news.events |= kind == "event"
            self.news.claims |= kind == "claim"
        else:
            self.news.everything = True
        self._something()

    def missed(self) -> None:
        """The database was away: whatever happened meanwhile, nobody heard it."""
        self.news.everything = True
        self._something()

    def _something(self) -> None:
        self.number += 1
        self._wake.set()

    async def run(self) -> None:
        """Tell news as they come, and each minute close the lines of those who may not hear any more; never ends."""
        while True:
            try:
                async with asyncio.timeout(ASK_AGAIN):
                    await self._wake.wait()
            except TimeoutError:
                pass  # then it is only asked who may still hear
            self._wake.clear()
            news, self.news = self.news, News()
            try:
                await self._round(news)
            except Error as error:
                # The listener notices too, and lets everybody look again when the database is back.
                log.warning("The database cannot be asked: %s", str(error).strip())
            await asyncio.sleep(GAP)

    async def ask(self, question: Callable[..., T], *args: Any) -> T:
        """`question(*args)` in the thread of the database connection. Raises what it raises."""
        return await asyncio.get_running_loop().run_in_executor(self._database, _asked, question, *args)

    async def close(self) -> None:
        """End every line and the connection."""
        self.hang_up()
        await self.ask(connections.close_all)
        self._database.shutdown()

    def hang_up(self) -> None:
        """End every line: the pages come back by themselves."""
        for stream in self.streams.all():
            stream.close()

    async def _round(self, news: News) -> None:
        streams = self.streams.all()
        if not streams:
            return
        answer = await self.ask(_answer, streams, news)
        for stream in streams:
            if stream.session in answer.people and _may_hear(stream, news, answer):
                _tell(stream, news, answer.newest)
            else:
                stream.close("gone")


def _tell(stream: Stream, news: News, newest: int) -> None:
    if stream.case is not None:
        if news.concerns(stream):
            stream.tell("case", str(stream.case_id), number=newest)
        return
    if news.everything or news.events:
        stream.tell("cases", newest, number=newest)
    if news.everything or news.claims:
        stream.tell("claims")


def _may_hear(stream: Stream, news: News, answer: Answer) -> bool:
    """Of a case, only where something happened to it was asked who may see it."""
    if stream.case is None or not news.concerns(stream):
        return True
    return stream.case in answer.seen.get(stream.person.pk, ())


def _answer(streams: Collection[Stream], news: News) -> Answer:
    """Three queries, and one for each person with the page of a case to which something happened."""
    people = people_of({stream.session for stream in streams})
    open_pages: defaultdict[User, set[int]] = defaultdict(set)
    for stream in streams:
        person = people.get(stream.session)
        if person and stream.case is not None and news.concerns(stream):
            open_pages[person].add(stream.case)
    seen = {person.pk: seen_by(cases, person) for person, cases in open_pages.items()}
    # Between the first commits there is no event; the newest is asked last, so that it is never too small.
    return Answer(people, seen, latest_event())


def _asked(question: Callable[..., T], *args: Any) -> T:
    close_old_connections()
    try:
        return question(*args)
    except Error:
        connections.close_all()
        raise
