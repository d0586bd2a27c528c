from moderation.reports.models.claim import CounterStatement, RightsClaim
from moderation.reports.models.evidence import Attachment, PreservedFile, ReportVersion, Sender, StoredFile
from moderation.reports.models.report import Report
from moderation.reports.models.reporters import AddressSalt, Fewer, ReporterRecord, ReportingLimit, TrustedFlagger

__all__ = [
    "AddressSalt",
    "Attachment",
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
