"""The provenance that an image declares: its C2PA manifest, checked without a network, in a process of its own."""

import json
import subprocess
from io import BytesIO
from pathlib import Path
from typing import Any

from classifiers import sandbox
from classifiers.files.findings import Provenance, printable

CHILD, PACKAGE = Path(__file__).with_name("provenance_child.py"), Path(__file__).parent.parent
# Of the child: bytes, seconds of the processor, and of the clock.
MEMORY, SECONDS, PATIENCE = 1024 * 2**20, 10, 30

# What IPTC calls a source that a model made, whole or in part.
AI_SOURCES = ("trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia")
# A manifest lies in JUMBF boxes; one that lies elsewhere is named in the image's XMP.
MARKS = (b"jumb", b"dcterms:provenance")


def read_provenance(data: bytes, mime_type: str) -> Provenance | None:
    """What the manifest of an image says and whether it fits the image; None if the image has none.

    `valid` means that both are as they were signed, by whoever that is: we keep no list of trusted signers.
    `unreadable` is also what ends whoever reads it, or takes too long.
    """
    if not declares(data):
        return None
    child = sandbox.start(
        CHILD, str(PACKAGE), mime_type,
        memory=MEMORY, seconds=SECONDS, folders=[PACKAGE], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    try:
        said, _ = child.communicate(data, PATIENCE)
        found = json.loads(said)["provenance"]
        return Provenance(**found) if found else None
    except (subprocess.TimeoutExpired, ValueError, KeyError, TypeError):
        return Provenance("unreadable")
    finally:
        child.kill()
        child.wait()


def declares(data: bytes) -> bool:
    """Whether anything in the bytes of an image says that it has a manifest."""
    return any(mark in data for mark in MARKS)


def read_here(data: bytes, mime_type: str) -> Provenance | None:
    """The same in this process, which the library that reads it may end."""
    import c2pa

    settings = c2pa.Settings.from_dict({"verify": {"remote_manifest_fetch": False, "ocsp_fetch": False}})
    try:
        with c2pa.Context(settings) as context, c2pa.Reader(mime_type, BytesIO(data), context=context) as reader:
            valid = reader.get_validation_state() in ("Valid", "Trusted")
            manifest = reader.get_active_manifest()
    except c2pa.C2paError.ManifestNotFound:
        return None
    except (c2pa.C2paError, ValueError, KeyError, RecursionError) as error:
        return Provenance("remote" if str(error).startswith("Remote:") else "unreadable")
    return Provenance(
        "valid" if valid else "invalid", _generator(manifest), _said(manifest, "title"), _is_ai_generated(manifest)
    )


def _is_ai_generated(manifest: Any) -> bool:
    """Whether one of the actions that a manifest lists says so."""
    try:
        actions = [
            action
            for assertion in manifest["assertions"]
            if assertion["label"].startswith("c2pa.actions")
            for action in assertion["data"]["actions"]
        ]
        return any(str(action.get("digitalSourceType", "")).endswith(AI_SOURCES) for action in actions)
    except (KeyError, TypeError, AttributeError):
        return False


def _generator(manifest: Any) -> str:
    """The program that made the claim: newer manifests have a list of records, older ones one line."""
    records = manifest.get("claim_generator_info") if isinstance(manifest, dict) else None
    first = records[0] if isinstance(records, list) and records else None
    return " ".join(filter(None, (_said(first, "name"), _said(first, "version")))) or _said(manifest, "claim_generator")


def _said(record: Any, key: str) -> str:
    value = record.get(key) if isinstance(record, dict) else None
    return printable(value) if isinstance(value, str) else ""
