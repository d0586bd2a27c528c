from django.db.models import Model, Q, QuerySet

from moderation.reports.actions.evidence import path_of
from moderation.reports.models import Attachment, BlurredAttachment, Report, ReportVersion, StoredFile
from moderation.subjects.models import Snapshot


def erase_reports(snapshots: QuerySet[Snapshot]) -> list[Model]:
    """Empty the words and files of all who reported what these snapshots showed: they say it again (C6).

    That there was a report, by whom, when and for which clause, stays. Doing it twice changes nothing more. Returns
    the rows as they are left.
    """
    about = Q(snapshot__in=snapshots)
    keys = list(Report.objects.filter(about).values_list("pk", flat=True))
    Report.objects.filter(pk__in=keys).update(text="", passage="", links=[])
    ReportVersion.objects.filter(report__in=keys).update(text="", passage="", links=[])
    files = list(Attachment.objects.filter(report__in=keys).select_related("report").order_by("pk"))
    for attachment in files:
        destroy_file(attachment)
    reports = Report.objects.filter(pk__in=keys).select_related("subject", "snapshot").order_by("pk")
    versions = ReportVersion.objects.filter(report__in=keys).select_related("report").order_by("pk")
    return [*reports, *versions, *files]


def destroy_file(file: StoredFile) -> None:
    """Take a file that somebody sent off the disk, what its row says of it, and what was made of it; the row stays."""
    path_of(file.public_id).unlink(missing_ok=True)
    file.name, file.key, file.sha256 = "", b"", ""
    # The file first, as whoever blurs it takes them.
    file.save(update_fields=["name", "key", "sha256"])
    if isinstance(file, Attachment):
        BlurredAttachment.objects.filter(attachment=file).delete()
