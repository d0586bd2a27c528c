from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from foundation.clock import Now
from moderation.policy.models import Clause

LONGEST_TERM = 200


class TermList(models.Model):
    """Terms of one language that speak for one label: what a list says of a text is that label's score (H4).

    Only those with the permission `scoring.see_terms` see lists and terms (H6).
    """

    name = models.CharField(_("name"), max_length=80, unique=True)
    language = models.CharField(
        _("language"),
        max_length=3,
        blank=True,
        validators=[RegexValidator("^[a-z]{2,3}$")],
        help_text=_("ISO 639-1, such as th. Empty: its terms are looked for in every text."),
    )
    label = models.SlugField(_("label"), max_length=40, help_text=_("What its terms speak for, such as harassment."))
    clause = models.ForeignKey(
        Clause, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("clause")
    )
    active = models.BooleanField(_("active"), default=True)
    note = models.TextField(_("note"), blank=True)
    version = models.PositiveBigIntegerField(
        default=1, editable=False, help_text="Grows with every change of the list or its terms: workers compile anew."
    )
    changed_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        ordering = ["name"]
        verbose_name = _("term list")
        verbose_name_plural = _("term lists")
        permissions = [("see_terms", "Sees and changes terms")]
        constraints = [
            models.CheckConstraint(condition=models.Q(language__regex=r"^([a-z]{2,3})?$"), name="term_list_language")
        ]

    def __str__(self) -> str:
        return self.name


class Term(models.Model):
    """A word or several words of a list; where it stands inside of one of its exceptions it does not count."""

    term_list = models.ForeignKey(TermList, models.CASCADE, related_name="terms", verbose_name=_("list"))
    text = models.CharField(_("term"), max_length=LONGEST_TERM)
    weight = models.FloatField(
        _("weight"),
        default=0.5,
        db_default=0.5,
        validators=[MinValueValidator(0.01), MaxValueValidator(1)],
        help_text=_("How much it says for the label, up to 1. Several terms of a text say more than one of them."),
    )
    exceptions = ArrayField(
        models.CharField(max_length=LONGEST_TERM),
        verbose_name=_("exceptions"),
        default=list,
        blank=True,
        help_text=_("Words in which it does not count, with commas between them: Scunthorpe."),
    )
    whole_word = models.BooleanField(
        _("whole word"), default=True, db_default=True, help_text=_("Off: it also counts inside of longer words.")
    )
    active = models.BooleanField(_("active"), default=True, db_default=True)

    class Meta:
        ordering = ["text"]
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        constraints = [
            models.UniqueConstraint(
                "term_list",
                Lower("text"),
                name="term_once_a_list",
                violation_error_message=_("This term is in the list already."),
            ),
            models.CheckConstraint(condition=models.Q(weight__gt=0, weight__lte=1), name="term_weight_up_to_1"),
            models.CheckConstraint(condition=~models.Q(text=""), name="term_has_text"),
        ]

    def __str__(self) -> str:
        return self.text
