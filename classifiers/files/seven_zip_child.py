"""The process that unpacks a stranger's 7-Zip archive, which is its standard input: see `classifiers.confined`.

It answers with each member as a line of JSON and then its bytes, and ends with a line that says why it stopped.
Nothing is written to a disk.
"""

import json
import sys
from importlib.util import module_from_spec, spec_from_file_location

# What all members may have together, wanted or not: a bomb is left before it is unpacked.
MAX_UNPACKED = 2 * 2**30
MAX_MEMBERS = 30_000


def main() -> None:
    """Arguments: where our package lies, and how many bytes may be sent."""
    # Not by the folder that it lies in, which may hold secrets and cannot be listed from here.
    spec = spec_from_file_location(
        "classifiers", f"{sys.argv[1]}/__init__.py", submodule_search_locations=sys.argv[1:2]
    )
    assert spec
    sys.modules["classifiers"] = module_from_spec(spec)
    from py7zr.exceptions import Bad7zFile, PasswordRequired, UnsupportedCompressionMethodError

    from classifiers.files.findings import ARCHIVE, BROKEN, TOO_LARGE

    try:
        end = _send(int(sys.argv[2]))
    except (PasswordRequired, UnsupportedCompressionMethodError):
        end = ARCHIVE
    except MemoryError:
        end = TOO_LARGE
    except Bad7zFile:
        end = BROKEN
    except Exception:  # noqa: BLE001 - hostile archives make it raise whatever comes
        end = BROKEN
    _say({"end": end})


def _send(left: int) -> str:
    """Sends up to `left` bytes; why it stopped, "" at the end."""
    import py7zr
    from py7zr.io import Py7zIO, WriterFactory

    from classifiers.files.archives import HEAD
    from classifiers.files.containers import most
    from classifiers.files.findings import TOO_LARGE

    unpacked = 0

    class TooMuch(Exception):  # noqa: N818 - reads as what happened
        pass

    class Member(Py7zIO):
        """Keeps what is wanted of one member and sends it when it is complete."""

        def __init__(self, name: str) -> None:
            self._name, self._data, self._size, self._wanted = name, bytearray(), 0, HEAD

        def write(self, s: bytes | bytearray) -> int:
            nonlocal unpacked
            self._size += len(s)
            unpacked += len(s)
            if unpacked > MAX_UNPACKED:
                raise TooMuch
            if len(self._data) < self._wanted:
                if len(self._data) < HEAD:
                    head = bytes(self._data + s[: HEAD - len(self._data)])
                    self._wanted = max(most(self._name, head), HEAD)
                self._data += s[: self._wanted - len(self._data)]
            return len(s)

        def read(self, size: int | None = None) -> bytes:
            return b""

        def seek(self, offset: int, whence: int = 0) -> int:
            return 0

        def flush(self) -> None:
            pass

        def size(self) -> int:
            return self._size

        def close(self) -> None:
            nonlocal left
            if not self._data:
                return
            left -= len(self._data)
            if left < 0:
                raise TooMuch
            _say({"name": self._name[:1_000], "size": len(self._data), "cut": self._size > len(self._data)})
            sys.stdout.buffer.write(self._data)
            self._data.clear()

    class Members(WriterFactory):
        def create(self, filename: str) -> Py7zIO:
            return Member(filename)

    with py7zr.SevenZipFile(sys.stdin.buffer, "r") as archive:
        listed = archive.list()
        if len(listed) > MAX_MEMBERS or sum(one.uncompressed or 0 for one in listed) > MAX_UNPACKED:
            return TOO_LARGE
        try:
            archive.extractall(factory=Members())
        except TooMuch:
            return TOO_LARGE
    return ""


def _say(words: dict[str, object]) -> None:
    sys.stdout.buffer.write(json.dumps(words).encode() + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
