"""Open lines to browsers. A line holds no queue: of each kind of event only the newest waits to be sent."""

import asyncio
import uuid
from collections import defaultdict
from dataclasses import dataclass, field

from accounts.models import User

MOST_OF_A_PERSON = 8
MOST = 4_000  # of one process; each costs some 50 kB


@dataclass(eq=False)
class Stream:
    """The line of one page: to the queue's, or to that of one case (`case` its primary key, `case_id` its address)."""

    session: str
    person: User
    case: int | None = None
    case_id: uuid.UUID | None = None
    waiting: dict[str, str] = field(default_factory=dict)
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    closed: bool = False

    def tell(self, event: str, data: str | int = "", *, number: int | None = None) -> None:
        """Say `event` as soon as the browser takes it; one that still waits is replaced. `number` is the event's id."""
        name = "" if number is None else f"id: {number}\n"
        self.waiting[event] = f"{name}event: {event}\ndata: {data}\n\n"
        self.wake.set()

    def take(self) -> bytes:
        """What waits, as it goes over the line."""
        text = "".join(self.waiting.values())
        self.waiting.clear()
        self.wake.clear()
        return text.encode()

    def close(self, why: str = "") -> None:
        """End the line after what waits; `why` (many, gone) tells the page not to come back at once."""
        if why:
            self.tell("bye", why)
        self.closed = True
        self.wake.set()


class Streams:
    """All open lines of this process."""

    def __init__(self) -> None:
        self._of: defaultdict[int, list[Stream]] = defaultdict(list)

    def __len__(self) -> int:
        return sum(map(len, self._of.values()))

    def all(self) -> list[Stream]:
        return [stream for streams in self._of.values() for stream in streams]

    def add(self, stream: Stream) -> None:
        """Take it in; of more than MOST_OF_A_PERSON of one person the oldest is closed."""
        theirs = self._of[stream.person.pk]
        theirs.append(stream)
        for oldest in theirs[:-MOST_OF_A_PERSON]:
            oldest.close("many")
            self.remove(oldest)

    def remove(self, stream: Stream) -> None:
        """Forget it; one that is forgotten already is no error."""
        theirs = self._of.get(stream.person.pk, [])
        if stream in theirs:
            theirs.remove(stream)
        if not theirs:
            self._of.pop(stream.person.pk, None)
