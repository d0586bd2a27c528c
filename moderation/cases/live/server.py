"""GET /events: server-sent events for the team's open pages (D4). A line costs no thread and no connection."""

import asyncio
import logging
import random
import signal
import threading
import uuid
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.db import Error
from django.http import parse_cookie

from accounts.models import User
from moderation.cases.live.access import case_for, people_of
from moderation.cases.live.broadcast import Broadcast
from moderation.cases.live.listener import listen
from moderation.cases.live.streams import MOST, Stream
from moderation.cases.queries import latest_event

log = logging.getLogger(__name__)
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

BEAT = 15.0  # seconds of silence after which a line says that it stands
PATIENCE = 30.0  # seconds that a browser may leave what we send unread


class NoStreamError(Exception):
    """An answer that is no stream."""

    def __init__(self, status: int, *headers: tuple[bytes, bytes]) -> None:
        super().__init__(status)
        self.status, self.headers = status, list(headers)


class Events:
    """The ASGI application. Everything but GET /events of a member of the team is a 404."""

    def __init__(self) -> None:
        self.broadcast: Broadcast
        self.tasks: list[asyncio.Task[None]] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await self._live(receive, send)
        if scope["type"] != "http":
            return None
        try:
            cors = _allowed(scope)
            stream = await self._admit(scope)
        except NoStreamError as refusal:
            headers = [(b"cache-control", b"no-store"), *refusal.headers]
            await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
            return await send({"type": "http.response.body"})
        return await self._serve(stream, cors, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        self.broadcast = Broadcast()
        lines = listen(heard=self.broadcast.heard, back=self.broadcast.missed)
        self.tasks = [asyncio.create_task(one) for one in (lines, self.broadcast.run())]
        for task in self.tasks:
            task.add_done_callback(_end_without)
        _hang_up_when_asked_to_stop(self.broadcast)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        await self.broadcast.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _admit(self, scope: Scope) -> Stream:
        """The stream that is asked for, open from now on. Raises NoStreamError."""
        if scope["path"] != "/events":
            raise NoStreamError(404)
        if scope["method"] != "GET":
            raise NoStreamError(405, (b"allow", b"GET"))
        if len(self.broadcast.streams) >= MOST:
            raise NoStreamError(503, (b"retry-after", b"60"))
        heard = self.broadcast.number
        try:
            found = await self.broadcast.ask(_find, scope)
        except Error:
            raise NoStreamError(503, (b"retry-after", b"5")) from None
        if found is None:
            raise NoStreamError(404)
        self.broadcast.streams.add(found)
        if heard != self.broadcast.number:  # it came while we asked, before the stream could hear it
            self.broadcast.missed()
        return found

    async def _serve(self, stream: Stream, cors: Headers, receive: Receive, send: Send) -> None:
        gone = asyncio.create_task(_closed_by_the_browser(stream, receive))
        # Pages do not all come back in the same moment when this process is started again.
        chunk = f"retry: {random.randint(1_000, 4_000)}\n\n".encode()  # noqa: S311 - no secret
        try:
            await send({"type": "http.response.start", "status": 200, "headers": [*_HEADERS, *cors]})
            while True:
                async with asyncio.timeout(PATIENCE):
                    await send({"type": "http.response.body", "body": chunk + stream.take(), "more_body": True})
                if stream.closed:
                    break
                try:
                    async with asyncio.timeout(BEAT):
                        await stream.wake.wait()
                except TimeoutError:
                    stream.tell("beat")
                chunk = b""
            await send({"type": "http.response.body"})
        except TimeoutError:
            pass  # nobody reads: the server drops the line
        finally:
            gone.cancel()
            self.broadcast.streams.remove(stream)


_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store, no-transform"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
    (b"vary", b"Origin, Cookie"),
]


def _find(scope: Scope) -> Stream | None:
    """The stream for who asks, with what it missed; None for everybody outside the team, and for an unseen case."""
    session = _session(scope)
    person = people_of([session]).get(session) if session else None
    if person is None:
        return None
    query = parse_qs(scope["query_string"].decode("latin-1"))
    if "case" in query:
        return _stream_of_case(session, person, query, came_back="last-event-id" in _headers(scope))
    stream = Stream(session, person)
    # The page knows which event it shows already, and asks when this one is newer.
    newest = latest_event()
    stream.tell("cases", newest, number=newest)
    return stream


def _stream_of_case(session: str, person: User, query: dict[str, list[str]], *, came_back: bool) -> Stream | None:
    try:
        case_id = uuid.UUID(query["case"][0])
    except ValueError:
        return None
    found = case_for(case_id, person)
    if found is None:
        return None
    case, version = found
    stream = Stream(session, person, case, case_id)
    if came_back or query.get("version") != [str(version)]:
        stream.tell("case", str(case_id))
    return stream


def _session(scope: Scope) -> str:
    cookies = parse_cookie(_headers(scope).get("cookie", ""))
    return str(cookies.get(settings.SESSION_COOKIE_NAME, "")).replace("\x00", "")


def _headers(scope: Scope) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}


def _allowed(scope: Scope) -> Headers:
    """Headers that let the site's own pages read from another port. Raises NoStreamError for any other origin."""
    headers = _headers(scope)
    origin = headers.get("origin", "")
    if not origin:
        return []
    site = urlsplit(settings.SITE_URL)
    if origin != f"{site.scheme}://{site.netloc}" and origin.partition("://")[2] != headers.get("host"):
        raise NoStreamError(404)
    return [
        (b"access-control-allow-origin", origin.encode("latin-1")),
        (b"access-control-allow-credentials", b"true"),
    ]


async def _closed_by_the_browser(stream: Stream, receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.close()


def _end_without(task: "asyncio.Task[None]") -> None:
    """Neither task ever ends by itself: without one of them the process is of no use and has to be started again."""
    if not task.cancelled():
        log.critical("The events process cannot go on.", exc_info=task.exception())
        signal.raise_signal(signal.SIGTERM)


def _hang_up_when_asked_to_stop(broadcast: Broadcast) -> None:
    """The server waits for its lines before it stops, and lines have no end: we end them when the signal comes."""
    if threading.current_thread() is not threading.main_thread():
        return
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        before = signal.getsignal(number)

        def stop(number: int, frame: Any, before: Any = before) -> None:
            with suppress(RuntimeError):  # the loop may have ended already
                loop.call_soon_threadsafe(broadcast.hang_up)
            if callable(before):
                before(number, frame)

        signal.signal(number, stop)
