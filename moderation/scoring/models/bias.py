import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from foundation.models import Work
from moderation.scoring.models.classifiers import Classifier
from moderation.scoring.models.scores import ClassifierRevision


class BiasReport(Work):
    """How a classifier treats texts that name groups of people, measured once on one file: leased work (H8).

    The file is kept until it was measured; then its name and its SHA-256 are, and the figures.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    classifier = models.ForeignKey(Classifier, models.PROTECT, related_name="+", db_index=False)
    revision = models.ForeignKey(
        ClassifierRevision, models.PROTECT, null=True, blank=True, related_name="+", db_index=False,
        help_text="What scored, once it did.",
    )  # fmt: skip
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    file = models.CharField(max_length=200, help_text="The name of the file.")
    sha256 = models.CharField(max_length=64)
    data = models.BinaryField(help_text="The file; empty once it was measured.")
    how = models.JSONField(help_text="classifiers.evaluation.measuring.How: columns, terms, sample, seed.")
    figures = models.JSONField(null=True, blank=True, help_text="As `manage.py bias_report --json` writes them.")
    refusal = models.TextField(blank=True, help_text="Why the file could not be used, in words.")

    class Meta(Work.Meta):
        indexes = [*Work.Meta.indexes, models.Index(fields=["classifier", "-id"], name="bias_of_classifier")]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at=None) | Q(figures__isnull=False, revision__isnull=False) | ~Q(refusal=""),
                name="bias_report_says_something",
            )
        ]

    def __str__(self) -> str:
        return f"{self.classifier} on {self.file}"
