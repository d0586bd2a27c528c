from django.core.validators import MaxValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.clock import Now
from moderation.policy.models import Clause

# Bits of a PDQ hash in which two pictures may differ and still be taken for one: what its authors recommend.
PDQ_DISTANCE = 31


class HashList(models.Model):
    """Fingerprints of files, or of pictures, that are known to be bad (H5). Seen by whoever sees terms (H6)."""

    class Kind(models.TextChoices):
        SHA256 = "sha256", _("SHA-256 of the file: exactly this content")
        PDQ = "pdq", _("PDQ of the picture: the same picture in other sizes and qualities")

    name = models.CharField(_("name"), max_length=80, unique=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    label = models.SlugField(_("label"), max_length=40, help_text=_("What its hashes speak for, such as malware."))
    clause = models.ForeignKey(
        Clause, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("clause")
    )
    distance = models.PositiveSmallIntegerField(
        _("distance"),
        default=PDQ_DISTANCE,
        db_default=PDQ_DISTANCE,
        validators=[MaxValueValidator(128)],
        help_text=_("PDQ only: in how many of 256 bits a picture may differ."),
    )
    active = models.BooleanField(_("active"), default=True)
    note = models.TextField(_("note"), blank=True)
    version = models.PositiveBigIntegerField(
        default=1, editable=False, help_text="Grows with every change of the list or its hashes: workers load it anew."
    )
    changed_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["name"]
        verbose_name = _("hash list")
        verbose_name_plural = _("hash lists")

    def __str__(self) -> str:
        return self.name


class KnownHash(models.Model):
    """The fingerprint of one file or picture: 64 hexadecimal digits in small letters, whatever the kind."""

    hash_list = models.ForeignKey(
        HashList, models.CASCADE, related_name="hashes", verbose_name=_("list"), db_index=False
    )
    value = models.CharField(_("value"), max_length=64, validators=[RegexValidator("^[0-9a-f]{64}$")])
    note = models.TextField(_("note"), blank=True)
    added_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("known hash")
        verbose_name_plural = _("known hashes")
        indexes = [models.Index(fields=["value"], name="known_hash_by_value")]
        constraints = [
            models.UniqueConstraint(fields=["hash_list", "value"], name="hash_once_a_list"),
            models.CheckConstraint(condition=models.Q(value__regex="^[0-9a-f]{64}$"), name="hash_is_256_bits"),
        ]

    def __str__(self) -> str:
        return self.value
