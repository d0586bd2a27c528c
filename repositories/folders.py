"""What a page shows of one folder: folders first, a bounded number of entries, what changed each last (A1)."""

from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from foundation.errors import Refused
from repositories import git
from repositories.models import Repository, Scan
from repositories.verdicts import ISSUES, Verdict, verdict

ENTRIES = 500


@dataclass(frozen=True)
class Row:
    """One line of a folder's page; `last` is None for what changed very long ago."""

    entry: git.Entry
    last: git.Commit | None
    verdict: Verdict | None

    @property
    def name(self) -> str:
        return PurePosixPath(self.entry.path).name


@dataclass(frozen=True)
class FolderPage:
    """Rows of one page, and the query string of the next ("" on the last); `number` counts the folder's entries."""

    rows: list[Row]
    number: int
    next: str


def open_folder(
    repository: Repository,
    folder: str,
    at: str,
    *,
    full: bool,
    lists: bool = False,
    after: str = "",
    size: int = ENTRIES,
) -> FolderPage:
    """The entries of `folder` ("" is the top) at commit `at` ("": the head) that follow `after`; one query.

    `full` is for whoever may know what was found in files, `lists` for whoever may know which are on one. `after` is
    the last name of the page before, a folder's with a slash at its end. Raises Refused (404) when there is no such
    folder.
    """
    entries = git.list_folder(repository, folder, at) if not folder.endswith("/") else None
    if entries is None and folder:
        raise Refused(_("There is no such folder in this repository."), code="not_found", status=404)
    ordered = sorted(entries or [], key=_key)
    if after:
        start = not after.endswith("/"), f"{folder}/{after}".strip("/")
        ordered = [entry for entry in ordered if _key(entry) > start]
    shown = ordered[:size]
    names = [PurePosixPath(entry.path).name for entry in shown]
    last = git.last_commits(repository, folder, at or repository.head, names) if shown else {}
    scans = _scans(repository, shown)
    rows = [
        Row(entry, last.get(name), _worth_a_look(verdict(scans.get(entry.oid), full=full, lists=lists)))
        for entry, name in zip(shown, names, strict=True)
    ]
    return FolderPage(rows, len(entries or []), _next(rows[-1], at) if len(ordered) > size else "")


def _worth_a_look(said: Verdict | None) -> Verdict | None:
    return said if said is not None and said.level in ISSUES else None


def _scans(repository: Repository, entries: list[git.Entry]) -> dict[str, Scan]:
    oids = [entry.oid for entry in entries if not entry.is_folder]
    return {scan.oid: scan for scan in Scan.objects.filter(repository=repository, oid__in=oids, level__in=ISSUES)}


def _key(entry: git.Entry) -> tuple[bool, str]:
    return not entry.is_folder, entry.path


def _next(last: Row, at: str) -> str:
    after = f"{last.name}/" if last.entry.is_folder else last.name
    return urlencode({"after": after} | ({"at": at} if at else {}))
