"""The process that reads the manifest of a stranger's image, which is its standard input: see `classifiers.confined`.

It answers with a line of JSON: `provenance` is null for an image that has none.
"""

import json
import sys
from dataclasses import asdict
from importlib.util import module_from_spec, spec_from_file_location


def main() -> None:
    """Arguments: where our package lies, and the MIME type of the image."""
    spec = spec_from_file_location(
        "classifiers", f"{sys.argv[1]}/__init__.py", submodule_search_locations=sys.argv[1:2]
    )
    assert spec
    sys.modules["classifiers"] = module_from_spec(spec)
    from classifiers.files.provenance import read_here

    found = read_here(sys.stdin.buffer.read(), sys.argv[2])
    sys.stdout.write(json.dumps({"provenance": asdict(found) if found else None}))


if __name__ == "__main__":
    main()
