"""What people read of a look into a file (A8)."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from classifiers.files.findings import Finding, level_of
from classifiers.files.words import CODES, REASONS
from repositories.access import Access, Viewer
from repositories.models import Scan

ISSUES = (Scan.Level.CAUTION, Scan.Level.UNSAFE)


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


def sees_lists(viewer: Viewer) -> bool:
    """Whether a page may say that a file is on a list of known files: for the team alone, because who reads it changes
    the file until it is on no list.
    """
    return bool(viewer and viewer.is_authenticated and viewer.is_team)


def told(scan: Scan, *, lists: bool) -> tuple[str, list[dict[str, Any]]]:
    """Level and findings of a scan; without `lists` as if none had been asked."""
    found = scan.findings.get("findings") or []
    kept = [one for one in found if lists or one["kind"] != "hash"]
    if len(kept) == len(found):
        return scan.level, found
    return level_of((Finding(**one) for one in kept), scan.findings.get("reason", "")), kept


def verdict(scan: Scan | None, *, full: bool, lists: bool = False) -> Verdict | None:
    """What may be said of a file; strangers are warned of code that runs when the file is loaded, and no more.

    With `lists` also that it is on one, see `sees_lists`. None when there is nothing to say.
    """
    if scan is None:
        return None
    level, found = told(scan, lists=lists)
    if any(one["kind"] in ("pickle", "code") and one["level"] == "unsafe" for one in found):
        words: Any = _("unsafe: loading this file can run code")
    elif full:
        words = Scan.Level(level).label
    else:
        return None
    findings = [_describe(one) for one in found] if full else []
    return Verdict(level, words, findings, REASONS.get(scan.findings.get("reason", ""), "") if full else "")


def _describe(finding: dict[str, Any]) -> dict[str, Any]:
    words = CODES.get(finding["code"], finding["code"])
    return {"words": words, "detail": finding.get("detail", ""), "line": finding.get("line")}
