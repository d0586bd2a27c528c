"""What archives of every kind have in common: members come one by one, bounded, whatever the archive claims."""

from collections.abc import Callable
from dataclasses import dataclass

# Bytes of a member from which its kind is seen, and what opening one costs, in opcodes.
HEAD = 512
OPENING = 30
STEP = 2**20

# From a member's name and first bytes, how many bytes of it are wanted.
Most = Callable[[str, bytes], int]


@dataclass(frozen=True, slots=True)
class Part:
    """A member as far as it was read, `cut` if it goes on; or, with no name, why there is nothing to read."""

    name: str = ""
    data: bytes = b""
    cut: bool = False
    reason: str = ""
