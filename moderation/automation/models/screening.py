"""What screening keeps: prints of recent texts, and what the checks found."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community.models import Comment, CommentVersion, Discussion
from foundation.clock import Now
from moderation.reports.models import Report


class TextPrint(models.Model):
    """The MinHash of one version of a comment: texts that say nearly the same have nearly the same print.

    Prints are kept for a week only, so the tables stay as small as a week.
    """

    version = models.OneToOneField(CommentVersion, models.PROTECT, primary_key=True, related_name="+")
    discussion = models.ForeignKey(Discussion, models.PROTECT, db_index=False, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, db_index=False, related_name="+")
    by_newcomer = models.BooleanField(help_text="Whether the author's account was new when it wrote this.")
    signature = models.BinaryField(help_text="The MinHash, four bytes for each permutation.")
    written_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["written_at"], name="text_print_by_time")]


class TextBand(models.Model):
    """A band of a print: texts that share one are worth comparing.

    Rows under an ordinary index, not an array under GIN: of the newest in a band the database reads as many as it is
    asked for, however many copies there are, and it knows that a band is rare. For arrays it takes a tenth of the table
    for alike, and among a million texts may choose to read them all.
    """

    pk = models.CompositePrimaryKey("text_print", "band")
    text_print = models.ForeignKey(TextPrint, models.CASCADE, db_index=False, related_name="bands")
    band = models.BigIntegerField()
    written_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["band", "-written_at"], include=["text_print"], name="text_band_newest")]


class Finding(models.Model):
    """A check of what people write found something: once for a content, or for a person and a day.

    It led to a report; to none where a person had decided about the same content before.
    """

    class Kind(models.TextChoices):
        NEAR_DUPLICATES = "near_duplicates", _("nearly the same text in several discussions")
        LINKS = "links", _("very many links")
        SITE = "site", _("the same site in several discussions")
        CALLS = "calls", _("very many people called")
        CHARACTERS = "characters", _("hidden or look-alike characters")
        THROTTLE = "throttle", _("as many posts as a new account has")

    kind = models.CharField(max_length=20, choices=Kind.choices)
    comment = models.ForeignKey(Comment, models.PROTECT, null=True, blank=True, related_name="+")
    content = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the words that were screened.")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    day = models.DateField(null=True, blank=True)
    count = models.PositiveIntegerField(help_text="Discussions, links, words or posts: how much it was.")
    report = models.ForeignKey(Report, models.PROTECT, null=True, blank=True, related_name="+")
    found_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["comment", "kind", "content"], condition=Q(person=None), name="one_finding_a_content"
            ),
            models.UniqueConstraint(
                fields=["person", "kind", "day"], condition=Q(comment=None), name="one_finding_a_day"
            ),
            models.CheckConstraint(
                condition=Q(comment__isnull=False, person=None, day=None)
                | Q(comment=None, content="", person__isnull=False, day__isnull=False),
                name="finding_of_one_thing",
            ),
        ]
