"""Looking into files for what harms whoever loads them: leased work for every new content (A8)."""

from collections.abc import Callable
from dataclasses import asdict, dataclass

from foundation import bells, changes
from foundation.work import work_off
from repositories import git
from repositories.models import Repository, Scan

BATCH = 1_000
# Who keeps lists of SHA-256 of harmful files lies above and puts itself here: hexadecimal digits in, known or not out.
KNOWN_BAD: list[Callable[[str], bool]] = []


@dataclass(frozen=True)
class ScanState:
    """What is known of a repository's files: whether all were looked into, and the level of those with findings."""

    done: bool
    issues: tuple[tuple[str, Scan], ...]


def request_scans(row: Repository, before: str) -> None:
    """Let everything that commit `row.head` has and `before` did not be looked into; once per content."""
    known = {file.oid for file in git.list_files(row, before, sizes=False)} if before else set()
    new = {file.oid: file.path for file in git.list_files(row, sizes=False) if file.oid not in known}
    scans = [Scan(repository=row, oid=oid, path=path) for oid, path in new.items()]
    Scan.objects.bulk_create(scans, batch_size=BATCH, ignore_conflicts=True)
    if scans:
        bells.ring("scan_files")


def scan_due_files() -> int:
    """Look into every content that waits; returns how many. A worker that dies leaves them to the next (L3)."""
    return work_off(Scan.objects.select_related("repository"), _scan, limit=20)


def _scan(scan: Scan) -> None:
    # The scanners are large libraries, which only workers need.
    from classifiers.files.scan import scan_file

    file = git.find_content(scan.repository, scan.oid)
    if file is None:
        raise LookupError(f"{scan.oid} is not in {scan.repository_id}")
    with git.open_file(scan.repository, file) as stream:
        found = scan_file(
            scan.path, stream, file.size, known_bad=_is_known_bad if KNOWN_BAD else None, sha256=file.sha256 or ""
        )
    findings = asdict(found) | {"pickle_import_scan": found.pickle_import_scan()}
    Scan.objects.filter(pk=scan.pk).update(level=found.level, findings=findings)
    if found.level == "unsafe":
        changes.tell("file.unsafe", scan.pk, actor_id=None)


def _is_known_bad(sha256: str) -> bool:
    return any(known(sha256) for known in KNOWN_BAD)


def state_of(repository: Repository, commit: str = "") -> ScanState:
    """What is known of the files at `commit` (default: the head); two queries, one when nothing was found."""
    done = not Scan.objects.filter(repository=repository, done_at=None).exists()
    levels = (Scan.Level.CAUTION, Scan.Level.UNSAFE)
    found = {scan.oid: scan for scan in Scan.objects.filter(repository=repository, level__in=levels)}
    files = git.list_files(repository, commit, sizes=False) if found else []
    return ScanState(done, tuple((file.path, found[file.oid]) for file in files if file.oid in found))
