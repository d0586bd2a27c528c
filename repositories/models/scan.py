from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from foundation.models import Work
from repositories.models.repository import Repository


class Scan(Work):
    """What a look into one content of a repository found; waits as leased work until then (A8)."""

    class Level(models.TextChoices):
        QUEUED = "queued", _("not looked at yet")
        SAFE = "safe", _("nothing found")
        CAUTION = "caution", _("look closer")
        UNSAFE = "unsafe", _("unsafe")
        UNSCANNED = "unscanned", _("we could not look into it")

    repository = models.ForeignKey(Repository, models.CASCADE, related_name="scans", db_index=False)
    oid = models.CharField(max_length=40, help_text="Git's id of the content, in a large file of its pointer.")
    path = models.CharField(max_length=4096, help_text="Under which it first came: its ending says what it may be.")
    level = models.CharField(max_length=10, choices=Level.choices, default=Level.QUEUED)
    findings = models.JSONField(default=dict, blank=True)

    class Meta(Work.Meta):
        constraints = [models.UniqueConstraint(fields=["repository", "oid"], name="one_scan_per_content")]
        indexes = [
            *Work.Meta.indexes,
            models.Index(fields=["repository"], condition=Q(done_at=None), name="scan_waiting"),
            models.Index(
                fields=["repository"], condition=Q(level__in=["caution", "unsafe"]), name="scan_with_findings"
            ),
        ]
