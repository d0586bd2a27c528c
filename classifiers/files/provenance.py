"""The provenance that an image declares: its C2PA manifest, checked without a network."""

from io import BytesIO
from typing import Any

from classifiers.files.findings import Provenance, printable

# What IPTC calls a source that a model made, whole or in part.
AI_SOURCES = ("trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia")
# A manifest lies in JUMBF boxes; one that lies elsewhere is named in the image's XMP.
MARKS = (b"jumb", b"dcterms:provenance")


def read_provenance(data: bytes, mime_type: str) -> Provenance | None:
    """What the manifest of an image says and whether it fits the image; None if the image has none.

    `valid` means that both are as they were signed, by whoever that is: we keep no list of trusted signers.
    """
    if not any(mark in data for mark in MARKS):
        return None
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
