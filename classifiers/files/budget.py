"""What may be spent on one file, whatever it holds and however deep that lies."""

from dataclasses import dataclass, field
from time import thread_time

SECONDS = 60.0


@dataclass(slots=True)
class Budget:
    """What is left for one file: opcodes (a million are some three seconds and 150 MB), inflated bytes, and seconds.

    The pickle of a large model's weights has a few thousand opcodes. Seconds are this thread's of the processor,
    because a busy machine is no reason to stop, and those that were waited for children (`charge`).
    """

    opcodes: int = 1_000_000
    inflated: int = 128 * 2**20
    seconds: float = SECONDS
    began: float = field(default_factory=thread_time)

    @property
    def seconds_left(self) -> float:
        """Below 0 once the file took too long."""
        return self.seconds - (thread_time() - self.began)

    def charge(self, waited: float) -> None:
        """Seconds by the clock in which a child worked for us."""
        self.seconds -= waited
