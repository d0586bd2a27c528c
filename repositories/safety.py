"""What the owner side and the team read about the safety of a repository's files (A8)."""

from dataclasses import dataclass
from typing import Any

from classifiers.files.pipeline import Signal
from classifiers.files.words import CODES, PROVENANCE, REASONS
from repositories import scanning
from repositories.access import Access, Viewer
from repositories.models import Repository, Scan
from repositories.signals import signals_of
from repositories.verdicts import ISSUES, sees_lists, told

MOST_SHOWN = 20


@dataclass(frozen=True)
class Seen:
    """One file, and in words what a look into it found; `lines` names a secret's place, never the secret."""

    path: str
    level: str
    level_name: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Safety:
    signals: tuple[Signal, ...]
    done: bool
    files: tuple[Seen, ...]
    left_out: int


def safety_of(repository: Repository, viewer: Viewer, found: Access) -> Safety | None:
    """The signals and the findings at the head, for the owner side and the team; None for everybody else.

    Of files that are closed to the team the paths are not named.
    """
    on_team = viewer is not None and viewer.is_authenticated and viewer.is_team
    if not (found.owner_side or on_team) or not repository.head:
        return None
    state = scanning.state_of(repository)
    lists = sees_lists(viewer)
    issues = [(path, scan) for path, scan in state.issues if told(scan, lists=lists)[0] in ISSUES]
    files = [seen(path, scan, lists=lists) for path, scan in issues] if found.files else []
    left_out = len(issues) - len(files[:MOST_SHOWN])
    return Safety(tuple(signals_of(repository)), state.done, tuple(files[:MOST_SHOWN]), left_out)


def seen(path: str, scan: Scan, *, lists: bool = False) -> Seen:
    """What a finished scan found, in the reader's language; with `lists` also that the file is on one."""
    level, findings = told(scan, lists=lists)
    words = [_words(one) for one in findings]
    if reason := scan.findings.get("reason"):
        words.append(str(REASONS.get(reason, reason)))
    if provenance := scan.findings.get("provenance"):
        words.append(str(PROVENANCE.get(provenance["state"], provenance["state"])))
    return Seen(path, level, str(Scan.Level(level).label), tuple(words))


def _words(finding: dict[str, Any]) -> str:
    said = str(CODES.get(finding["code"], finding["code"]))
    detail = f" ({finding['detail']})" if finding.get("detail") else ""
    return f"{said}{detail}" + (f", L{finding['line']}" if finding.get("line") else "")
