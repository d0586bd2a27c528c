from moderation.reports.models.claim import CounterStatement, RightsClaim
from moderation.reports.models.evidence import (
    Attachment,
    BlurredAttachment,
    PreservedFile,
    ReportVersion,
    Sender,
    StoredFile,
)
from moderation.reports.models.report import Report
from moderation.reports.models.reporters import AddressSalt, Fewer, ReporterRecord, ReportingLimit, TrustedFlagger

__all__ = [
    "AddressSalt",
    "Attachment",
    "BlurredAttachment",
    "CounterStatement",
    "Fewer",
    "PreservedFile",
    "Report",
    "ReportVersion",
    "ReporterRecord",
    "ReportingLimit",
    "RightsClaim",
    "Sender",
    "StoredFile",
    "TrustedFlagger",
]
