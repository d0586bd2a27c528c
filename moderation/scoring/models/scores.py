from django.db import models

from foundation.clock import Now
from foundation.models import Work
from moderation.subjects.models import Snapshot


class ClassifierRevision(models.Model):
    """Everything that makes a score reproducible but for its input: written once per combination (H7)."""

    fingerprint = models.CharField(max_length=64, unique=True, help_text="SHA-256 over the other columns.")
    name = models.CharField(max_length=60)
    model = models.CharField(max_length=200)
    weights_sha256 = models.CharField(max_length=64)
    head_version = models.CharField(max_length=60)
    code_version = models.CharField(max_length=60)
    libraries = models.JSONField(help_text="Name to version.")
    precision = models.CharField(max_length=10)
    device = models.CharField(max_length=100)
    classifier = models.CharField(
        max_length=60, blank=True, default="", db_default="", help_text="Which version of a configured classifier."
    )
    first_used_at = models.DateTimeField(db_default=Now(), editable=False)

    def __str__(self) -> str:
        return f"{self.name} {self.head_version} on {self.device}"


class ScoreRequest(Work):
    """A snapshot waits for a classifier: leased work (H1, L3).

    `classifier` is the code of one version (text@1), or ANY: a snapshot that was reported, for all who may read it.
    """

    ANY = "text"

    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="score_requests", db_index=False)
    classifier = models.CharField(max_length=60, default=ANY)

    class Meta(Work.Meta):
        # Each classifier claims its own: what waits for a broken one holds nobody up.
        indexes = [
            models.Index(
                fields=["classifier", "due_at", "id"], condition=models.Q(done_at=None), name="scorerequest_waiting"
            )
        ]
        constraints = [models.UniqueConstraint(fields=["snapshot", "classifier"], name="scored_once")]


class ScoreQuerySet(models.QuerySet["Score"]):
    def counting(self) -> "ScoreQuerySet":
        """Those of active classifiers: what priority, rules and pages go by. Those of a version on trial do not."""
        return self.filter(counts=True)


class Score(models.Model):
    """What a classifier said of a snapshot for one label, with the window of the text that decided (H2, H7)."""

    snapshot = models.ForeignKey(Snapshot, models.PROTECT, related_name="scores", db_index=False)
    revision = models.ForeignKey(ClassifierRevision, models.PROTECT, related_name="scores")
    label = models.CharField(max_length=40)
    value = models.FloatField(help_text="0 to 1.")
    threshold = models.FloatField()
    confident_threshold = models.FloatField()
    start = models.PositiveIntegerField(help_text="First character of the window that decided.")
    end = models.PositiveIntegerField(help_text="Character after the window that decided.")
    milliseconds = models.FloatField(help_text="This snapshot's share of its batch.")
    counts = models.BooleanField(
        default=True, db_default=True, help_text="Off: of a version on trial, or one that another replaced."
    )
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = ScoreQuerySet.as_manager()

    class Meta:
        permissions = [("see_thresholds", "Sees exact scores, thresholds and how good classifiers are")]
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "revision", "label"], name="one_score_a_label"),
            models.CheckConstraint(condition=models.Q(value__range=(0, 1)), name="score_between_0_and_1"),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.value:.2f}"

    @property
    def over(self) -> bool:
        return self.value >= self.threshold

    @property
    def confident(self) -> bool:
        return self.value >= self.confident_threshold


class Embedding(models.Model):
    """Where a snapshot lies in the space of the default text model: what precedents are looked up by (D6)."""

    snapshot = models.OneToOneField(Snapshot, models.CASCADE, related_name="embedding")
    model = models.CharField(max_length=200, help_text="Embeddings are compared within one model only.")
    vector = models.BinaryField(help_text="A unit vector, 16-bit floats in little-endian order.")


class Blurred(Work):
    """A picture in which nothing can be made out, made by a worker (D5); the room of a picture has a model of its own.

    `webp` is empty where there is none: then `verdict`, a key of classifiers.images.words.VERDICTS, says why.
    """

    verdict = models.CharField(max_length=20, blank=True)
    webp = models.BinaryField(default=b"")

    class Meta(Work.Meta):
        abstract = True


class BlurredPreview(Blurred):
    """The same of a reported picture, made once it was scored.

    Never of what is sealed, and deleted with whatever is erased or locked away.
    """

    snapshot = models.OneToOneField(Snapshot, models.CASCADE, related_name="blurred")
