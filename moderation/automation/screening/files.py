"""Files that are known to do harm become a report by the system; others that run code do where an operator wants it."""

from django.conf import settings
from django.utils.translation import gettext_noop as _

from accounts.queries import system_actor
from foundation.models import Change
from foundation.work import work_off
from moderation.cases.actions import receive_report
from moderation.policy.models import Clause
from moderation.reports.actions import AlreadyReported
from moderation.reports.models import Report
from moderation.subjects.actions import known_snapshot, subject_of
from moderation.subjects.content import Content
from moderation.subjects.files import content_of_file
from repositories import git
from repositories.models import Scan

CLAUSE = "malware"
UNSAFE = "file.unsafe"
KNOWN_BAD = "known_bad"

KNOWN = _("A file that is on a list of files that are known to do harm:")
RUNS_CODE = _("A file that can run harmful code when it is loaded:")


def screen_files() -> int:
    """Look at every unsafe file that was found since; returns how many changes were worked off."""
    return work_off(Change.objects.filter(kind=UNSAFE), _screen)


def _screen(change: Change) -> None:
    """Report the repository with the file as evidence, once while a report is open, and never again for a content that
    a person decided about. A file that is gone from the head by now is not reported.
    """
    scan = Scan.objects.select_related("repository").filter(pk=change.object_id).first()
    words = _words(scan) if scan else ""
    if scan is None or not words:
        return
    path, seen = _seen(scan)
    if seen is None:
        return
    snapshot = known_snapshot(subject_of(scan.repository), seen)
    if snapshot is not None and snapshot.reports.exclude(state=Report.State.OPEN).exists():
        return
    try:
        receive_report(
            scan.repository,
            clause=Clause.objects.get(code=CLAUSE),
            text=f"{words}\n{path}",
            actor=system_actor(),
            confidential=True,
            channel=Report.Channel.SYSTEM,
            seen=seen,
        )
    except AlreadyReported:
        return


def _seen(scan: Scan) -> tuple[str, Content | None]:
    """Where the content lies at the head, and what is reported of it; None where it is gone. Files are renamed."""
    seen = content_of_file(scan.repository, scan.path)
    if seen is not None and seen.revision == scan.oid:
        return scan.path, seen
    files = git.list_files(scan.repository, sizes=False)
    path = next((file.path for file in files if file.oid == scan.oid), "")
    return path, content_of_file(scan.repository, path) if path else None


def _words(scan: Scan) -> str:
    """What is to be reported of a scan, "" for nothing."""
    if any(one["code"] == KNOWN_BAD for one in scan.findings.get("findings", [])):
        return KNOWN
    return RUNS_CODE if settings.REPORT_UNSAFE_FILES else ""
