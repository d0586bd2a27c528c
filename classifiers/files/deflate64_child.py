"""The process that inflates a stranger's Deflate64: see `classifiers.confined`.

Its standard input is, for each member, a line of JSON and what lies in the zip. It answers as seven_zip_child does.
"""

import json
import sys
from importlib.util import module_from_spec, spec_from_file_location

# What is fed at once, since the decoder has no bound of its own: a byte may become 29,000.
FED = 64


def main() -> None:
    """Arguments: where our package lies, and how many bytes may be sent."""
    # Not by the folder that it lies in, which may hold secrets and cannot be listed from here.
    spec = spec_from_file_location(
        "classifiers", f"{sys.argv[1]}/__init__.py", submodule_search_locations=sys.argv[1:2]
    )
    assert spec
    sys.modules["classifiers"] = module_from_spec(spec)
    from classifiers.files.findings import TOO_LARGE

    left = int(sys.argv[2])
    while line := sys.stdin.buffer.readline():
        said = json.loads(line)
        data, cut, reason = _inflated(said["name"], sys.stdin.buffer.read(said["size"]), cut=said["cut"])
        left -= len(data)
        if left < 0:
            _say({"end": TOO_LARGE})
            return
        _say({"name": said["name"], "size": len(data), "cut": cut, "reason": reason}, data)
    _say({"end": ""})


def _inflated(name: str, raw: bytes, *, cut: bool) -> tuple[bytes, bool, str]:
    """What is wanted of a member, whether it goes on, and why not more could be read."""
    from inflate64 import Inflater  # comes with py7zr

    from classifiers.files.archives import HEAD
    from classifiers.files.containers import most
    from classifiers.files.findings import BROKEN, TOO_LARGE

    inflater, data, wanted, place = Inflater(), bytearray(), 0, 0
    while not inflater.eof:
        if len(data) >= HEAD:
            wanted = wanted or max(most(name, bytes(data[:HEAD])), HEAD)
            if len(data) > wanted:
                return bytes(data[:wanted]), True, ""
        if place >= len(raw):
            return bytes(data), True, TOO_LARGE if cut else BROKEN
        try:
            data += inflater.inflate(raw[place : place + FED])
        except ValueError:
            return bytes(data), True, BROKEN
        place += FED
    return bytes(data), False, ""


def _say(words: dict[str, object], data: bytes = b"") -> None:
    sys.stdout.buffer.write(json.dumps(words).encode() + b"\n" + data)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
