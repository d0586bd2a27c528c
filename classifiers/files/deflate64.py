"""Members of zips that are compressed with Deflate64, as Windows does with what is large; inflated in a child."""

import json
import zipfile
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import IO

from classifiers.files import unpacking
from classifiers.files.archives import STEP, Part
from classifiers.files.budget import Budget
from classifiers.files.unpacking import MAX_COPY
from classifiers.files.zip_methods import as_it_lies

CHILD = Path(__file__).with_name("deflate64_child.py")
# Of one member as it lies there: no more is wanted of any, compressed or not.
MAX_MEMBER = 34 * 2**20


def parts(archive: zipfile.ZipFile, members: Sequence[zipfile.ZipInfo], budget: Budget) -> Generator[Part, None, None]:
    """These members, one by one; how many bytes of each are wanted, the child asks `containers.most`."""

    def fill(copy: IO[bytes]) -> str:
        for member in members:
            raw, cut = _raw(archive, member) if copy.tell() < MAX_COPY else (b"", True)
            said = {"name": member.filename[-1_000:], "size": len(raw), "cut": cut}
            copy.write(json.dumps(said).encode() + b"\n" + raw)
        return ""

    yield from unpacking.parts(CHILD, budget, fill)


def _raw(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> tuple[bytes, bool]:
    """A member as it lies there, and whether we left something of it."""
    data = bytearray()
    try:
        with archive.open(as_it_lies(member)) as file:
            while len(data) < MAX_MEMBER and (more := file.read(STEP)):
                data += more
            return bytes(data), bool(file.read(1))
    except Exception:  # noqa: BLE001 - hostile headers make it raise whatever comes; the child finds that it breaks off
        return bytes(data), False
