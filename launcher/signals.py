"""One stop flag for SIGINT, SIGTERM and SIGHUP, and a shield for cleaning up."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from launcher.errors import StopAskedError

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopFlag:
    """Set by the first signal; later ones change nothing, so cleaning up always ends.

    The handlers are installed even where the shell started us with SIGINT ignored (a background job), and
    children start with the default handling again.
    """

    def __init__(self) -> None:
        self._asked = threading.Event()

    def install(self) -> "StopFlag":
        for number in ENDING:
            signal.signal(number, self._handle)
        return self

    def _handle(self, number: int, frame: FrameType | None) -> None:
        self._asked.set()

    @property
    def asked(self) -> bool:
        return self._asked.is_set()

    def pause(self, seconds: float) -> None:
        """Wait `seconds`; raises StopAskedError as soon as somebody asks us to stop."""
        if self._asked.wait(seconds):
            raise StopAskedError


@contextmanager
def shielded() -> Iterator[None]:
    """Ignore the ending signals during a clean-up: a second Ctrl-C must not leave processes behind."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, signal.SIG_IGN) for number in ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
