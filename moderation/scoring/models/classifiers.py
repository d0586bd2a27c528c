from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from classifiers.contract import Label, Specification
from foundation.clock import Now
from moderation.policy.models import Clause


class Classifier(models.Model):
    """One version of a configured classifier (H2–H5): what it is loaded from, and whether its scores count.

    At most one version of a name is active; others run beside it on the same requests until one of them takes over.
    """

    class Kind(models.TextChoices):
        TEXT = "text", _("text")
        IMAGE = "image", _("images")
        FILE = "file", _("files")
        TERMS = "terms", _("terms")

    class State(models.TextChoices):
        TRIAL = "trial", _("on trial: it runs beside the active one, its scores count for nothing")
        ACTIVE = "active", _("active")
        RETIRED = "retired", _("retired")

    class Precision(models.TextChoices):
        BF16 = "bf16", "bf16"
        FP16 = "fp16", "fp16"
        FP32 = "fp32", "fp32"
        INT8 = "int8", "int8"

    name = models.SlugField(
        _("name"), max_length=40, db_index=False, help_text=_("Versions of one classifier share it.")
    )
    version = models.PositiveIntegerField(_("version"), default=1, validators=[MinValueValidator(1)])
    kind = models.CharField(_("reads"), max_length=10, choices=Kind.choices)
    engine = models.CharField(_("engine"), max_length=30)
    model = models.CharField(
        _("model"),
        max_length=200,
        blank=True,
        help_text=_(
            "A folder (an absolute path), or a hub’s id (name/model). Only safetensors are loaded, never code."
        ),
    )
    revision = models.CharField(
        _("revision"), max_length=40, blank=True, help_text=_("Of a hub’s model: the 40 digits of a commit.")
    )
    languages = ArrayField(
        models.CharField(max_length=3, validators=[RegexValidator("^[a-z]{2,3}$")]),
        verbose_name=_("languages"),
        default=list,
        blank=True,
        help_text=_("ISO 639-1, with commas between them: en, th. Empty: it reads texts of every language."),
    )
    device = models.CharField(
        _("device"),
        max_length=20,
        blank=True,
        validators=[RegexValidator(r"^(cpu|cuda(:\d+)?)$")],
        help_text=_("cpu, cuda or cuda:1. Empty: a GPU when there is one."),
    )
    precision = models.CharField(
        _("precision"),
        max_length=10,
        blank=True,
        choices=Precision.choices,
        help_text=_("Empty: what the device does best."),
    )
    options = models.JSONField(_("options"), default=dict, blank=True, help_text=_("What only its engine knows."))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.TRIAL)
    state_since = models.DateTimeField(db_default=Now(), editable=False)
    declared = models.BooleanField(
        _("from the settings"), default=False, editable=False, help_text="What it is stands in settings.CLASSIFIERS."
    )
    # Retired because the settings name it no longer: it begins anew when they do again.
    absent = models.BooleanField(default=False, db_default=False, editable=False)
    # Disabled by itself: it could not be loaded. Its requests wait meanwhile.
    failure = models.TextField(_("disabled, because"), blank=True, editable=False)
    failed_at = models.DateTimeField(_("last tried"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["name", "version"]
        verbose_name = _("classifier")
        verbose_name_plural = _("classifiers")
        constraints = [
            models.UniqueConstraint(
                fields=["name", "version"],
                name="classifier_version_once",
                violation_error_message=_("This name has this version already: give the next number."),
            ),
            models.UniqueConstraint(fields=["name"], condition=Q(state="active"), name="one_active_version"),
            models.CheckConstraint(
                condition=Q(failure="", failed_at=None) | ~Q(failure="") & Q(failed_at__isnull=False),
                name="classifier_failure_is_dated",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """What its requests and its scores carry: name and version."""
        return f"{self.name}@{self.version}"

    @property
    def counts(self) -> bool:
        """Whether priority, rules and pages heed its scores."""
        return self.state == self.State.ACTIVE

    @property
    def specification(self) -> Specification:
        """What classifiers.registry loads it from."""
        labels = tuple(one.as_label for one in self.labels.all())
        values: dict[str, Any] = {"labels": labels, "languages": tuple(self.languages), "options": self.options}
        plain = ("name", "kind", "engine", "model", "revision", "device", "precision")
        return Specification(**values, **{name: getattr(self, name) for name in plain})


class ClassifierLabel(models.Model):
    """What a classifier says, the clause it speaks for, and from when on it counts (H2)."""

    classifier = models.ForeignKey(
        Classifier, models.CASCADE, related_name="labels", verbose_name=_("classifier"), db_index=False
    )
    name = models.SlugField(_("label"), max_length=40, help_text=_("How we call it: toxicity, spam, …"))
    output = models.CharField(
        _("the model’s own name"),
        max_length=100,
        blank=True,
        help_text=_("As the model calls it, such as LABEL_1. Empty: as we do."),
    )
    clause = models.ForeignKey(
        Clause, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("clause")
    )
    threshold = models.FloatField(
        _("threshold"),
        default=0.5,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        help_text=_("From here on a score counts as flagged, 0 to 1."),
    )
    confident_threshold = models.FloatField(
        _("threshold for rules"),
        default=1.0,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
        help_text=_("From here on a rule may act. 1: never."),
    )

    class Meta:
        ordering = ["pk"]
        verbose_name = _("label")
        verbose_name_plural = _("labels")
        constraints = [
            models.UniqueConstraint(
                fields=["classifier", "name"],
                name="label_once_a_classifier",
                violation_error_message=_("This label is there already: give each another name."),
            ),
            models.CheckConstraint(
                condition=Q(threshold__gte=0, confident_threshold__gte=F("threshold"), confident_threshold__lte=1),
                name="label_thresholds_in_order",
                violation_error_message=_("The threshold for rules must not lie below the other one."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def as_label(self) -> Label:
        return Label(
            self.name,
            self.output,
            self.clause.code if self.clause else "",
            self.threshold,
            self.confident_threshold,
        )
