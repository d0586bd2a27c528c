"""What people read of a look into a file (A8)."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from classifiers.files.words import CODES, REASONS
from repositories.access import Access, Viewer
from repositories.models import Scan


@dataclass(frozen=True)
class Verdict:
    """The level with its words, and what was found; `findings` are {"words", "detail", "line"}."""

    level: str
    words: Any
    findings: list[dict[str, Any]]
    reason: Any = ""


def sees_findings(found: Access, viewer: Viewer) -> bool:
    """Whether a page may say what was found: a secret in a file is nothing to point strangers at."""
    return found.owner_side or found.inspecting or bool(viewer and viewer.is_authenticated and viewer.is_team)


def verdict(scan: Scan | None, *, full: bool) -> Verdict | None:
    """What may be said of a file; strangers are warned of code that runs when the file is loaded, and no more.

    None when there is nothing to say.
    """
    if scan is None:
        return None
    found = scan.findings.get("findings", [])
    if any(one["kind"] in ("pickle", "code") and one["level"] == "unsafe" for one in found):
        words: Any = _("unsafe: loading this file can run code")
    elif full:
        words = scan.get_level_display()
    else:
        return None
    findings = [_describe(one) for one in found] if full else []
    return Verdict(scan.level, words, findings, REASONS.get(scan.findings.get("reason", ""), "") if full else "")


def _describe(finding: dict[str, Any]) -> dict[str, Any]:
    words = CODES.get(finding["code"], finding["code"])
    return {"words": words, "detail": finding.get("detail", ""), "line": finding.get("line")}
