"""Files and folders in the words of the protocol, and what we found in them for those who may know (A8)."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from classifiers.files.findings import FileFindings, Finding, Import
from hub.shapes import moment
from repositories import git
from repositories.git import Commit, Entry, File, pointer
from repositories.models import Repository, Scan
from repositories.verdicts import told, verdict


def large(file: File, *, key: str) -> dict[str, Any]:
    """What says that a file is large, {} for another; trees and infos each have their own `key` for its SHA-256."""
    if file.sha256 is None:
        return {}
    size = len(pointer(file.sha256, file.size))
    return {"lfs": {key: file.sha256, "size": file.size, "pointerSize": size}}


def describe(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    """`entries` as trees list them."""
    kinds = {True: "directory", False: "file"}
    return [
        {"type": kinds[one.is_folder], "oid": one.oid, "size": one.size, "path": one.path} | large(one, key="oid")
        for one in entries
    ]


def describe_fully(
    repository: Repository, commit: str, entries: Sequence[Entry], *, full: bool
) -> list[dict[str, Any]]:
    """The same with the last commit of each and what we know of its content; `full` for who sees all findings."""
    commits, rows = _last_commits(repository, commit, entries), describe(entries)
    oids = [entry.oid for entry in entries]
    scans = {scan.oid: scan for scan in Scan.objects.filter(repository=repository, oid__in=oids)}
    for entry, row in zip(entries, rows, strict=True):
        if last := commits.get(entry.path):
            title = last.message.partition("\n")[0]
            row["lastCommit"] = {"id": last.oid, "title": title, "date": moment(last.at)}
        if not entry.is_folder:
            row["securityFileStatus"] = _security(scans.get(entry.oid), full=full)
    return rows


def _last_commits(repository: Repository, commit: str, entries: Sequence[Entry]) -> dict[str, Commit]:
    names: dict[str, list[str]] = defaultdict(list)
    for entry in entries:
        folder, _slash, name = entry.path.rpartition("/")
        names[folder].append(name)
    return {
        f"{folder}/{name}" if folder else name: last
        for folder, some in names.items()
        for name, last in git.last_commits(repository, folder, commit, some).items()
    }


def _security(scan: Scan | None, *, full: bool) -> dict[str, Any]:
    # The client takes these three for granted. We look for no viruses.
    said: dict[str, Any] = {"status": Scan.Level.UNSCANNED, "avScan": None, "pickleImportScan": None}
    if scan is None:
        return said
    if full or verdict(scan, full=False):
        return said | {"status": told(scan, lists=False)[0], "pickleImportScan": _pickles(scan)}
    # Of what is no danger to whoever loads the file strangers hear nothing, as on its page.
    known = scan.level not in (Scan.Level.QUEUED, Scan.Level.UNSCANNED)
    return said | {"status": Scan.Level.SAFE if known else scan.level}


def _pickles(scan: Scan) -> dict[str, Any] | None:
    if (imports := scan.findings.get("imports")) is None:
        return None
    findings = tuple(Finding(**one) for one in scan.findings["findings"])
    found = FileFindings("safe", findings, scan.findings["reason"], tuple(Import(**one) for one in imports))
    return found.pickle_import_scan()
