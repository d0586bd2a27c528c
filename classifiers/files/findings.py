"""What a look into one file found. All of it is safe to store: no secret, no character that a page cannot show."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal

Level = Literal["safe", "caution", "unsafe", "unscanned"]
Kind = Literal["pickle", "secret", "c2pa", "format", "code", "hash"]
Safety = Literal["innocuous", "suspicious", "dangerous"]

# Why we did not read all of a file; `words.REASONS` says each to people. Of a long text we read the beginning on
# purpose, which is no doubt about its safety.
BEGINNING = "beginning"
TOO_LARGE, TOO_SLOW, BROKEN, ARCHIVE, FAILED = "too_large", "too_slow", "broken", "archive", "failed"

MAX_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Import:
    """What a pickle would import, with picklescan's verdict."""

    module: str
    name: str
    safety: Safety


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that somebody should look at: `code` is stable (see `words.CODES`), `detail` says what in English."""

    kind: Kind
    level: Literal["caution", "unsafe"]
    code: str
    detail: str = ""
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Provenance:
    """A C2PA manifest that an image declares: `remote` ones lie elsewhere, where we do not look."""

    state: Literal["valid", "trusted", "invalid", "unreadable", "remote"]
    generator: str = ""
    title: str = ""
    ai_generated: bool = False


@dataclass(frozen=True, slots=True)
class FileFindings:
    """The result for one file: `imports` is None where no pickle is, `reason` "" where we read all that matters."""

    level: Level
    findings: tuple[Finding, ...] = ()
    reason: str = ""
    imports: tuple[Import, ...] | None = None
    provenance: Provenance | None = None

    def with_more(self, findings: tuple[Finding, ...], reason: str) -> "FileFindings":
        """The same with further findings before its own, and a reason why more was not looked at, if it has none."""
        if not findings and not reason:
            return self
        every, why = (*findings, *self.findings), self.reason if self.reason not in ("", BEGINNING) else reason
        why = why or self.reason
        return replace(self, level=level_of(every, why), findings=every, reason=why)

    def pickle_import_scan(self) -> dict[str, Any] | None:
        """The hub protocol's `pickleImportScan`, None where no pickle is. The status looks at the pickles alone."""
        if self.imports is None:
            return None
        pickles = [finding for finding in self.findings if finding.kind == "pickle"]
        imports = [{"module": one.module, "name": one.name, "safety": one.safety} for one in self.imports]
        return {"status": level_of(pickles, self.reason), "pickleImports": imports}


def level_of(findings: Iterable[Finding], reason: str) -> Level:
    """The worst finding's level; without one `unscanned` if something kept us from looking, else `safe`."""
    levels = {finding.level for finding in findings}
    if levels:
        return "unsafe" if "unsafe" in levels else "caution"
    return "safe" if reason in ("", BEGINNING) else "unscanned"


def printable(text: str, limit: int = MAX_CHARACTERS) -> str:
    """The first characters of a stranger's text, with a question mark for each that neither shows nor stores well."""
    return "".join(character if character.isprintable() else "\ufffd" for character in text[:limit])
