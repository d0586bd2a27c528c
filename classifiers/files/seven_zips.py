"""The members of 7-Zip archives, unpacked in a child."""

from collections.abc import Generator
from pathlib import Path
from typing import IO, BinaryIO

from classifiers.files import unpacking
from classifiers.files.archives import STEP, Most, Part
from classifiers.files.budget import Budget
from classifiers.files.findings import TOO_LARGE
from classifiers.files.unpacking import MAX_COPY

CHILD = Path(__file__).with_name("seven_zip_child.py")


def parts(stream: BinaryIO, budget: Budget, most: Most) -> Generator[Part, None, None]:
    """All members, one by one. `most` is asked in the child, where it is `containers.most` whatever is given here."""
    del most

    def fill(copy: IO[bytes]) -> str:
        # The table of contents lies at the end, so an archive is copied whole; a larger one is not looked into.
        stream.seek(0)
        while (more := stream.read(STEP)) and copy.tell() <= MAX_COPY:
            copy.write(more)
        return TOO_LARGE if copy.tell() > MAX_COPY else ""

    yield from unpacking.parts(CHILD, budget, fill)
