import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from foundation.clock import Now
from moderation.cases.models.case import Case


class Party(models.Model):
    """Somebody whom a case concerns, with a thread and a clock of their own (D1, D2).

    Nobody learns from one thread who is in another, or what is said there: to others a party is its role, unless it
    agreed to be named. Of an organization every admin is in the owner's thread. Where the thing gets another owner, the
    part of the earlier one ends, and the new one has a thread of its own.

    The clock: it runs from `asked_at` to `answer_until`, stands while the team is asked (`paused_at`; `left` is what
    was left then), and ends by itself.
    """

    class Role(models.TextChoices):
        OWNER = "owner", _("owner")
        DEPICTED = "depicted", _("depicted person")
        RIGHTS_HOLDER = "rights_holder", _("rights holder")
        PARENT = "parent", _("parent")
        OTHER = "other", _("concerned person")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="parties", db_index=False)
    role = models.CharField(max_length=20, choices=Role.choices)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        help_text="Empty for the owner side of an organization.",
    )  # fmt: skip
    # Kept here: whose the thing is may change, and whose words these are may not.
    organization = models.ForeignKey(
        "accounts.Organization", models.PROTECT, null=True, blank=True, related_name="+", db_index=False,
        help_text="Whose admins write here, for its owner side.",
    )  # fmt: skip
    named = models.BooleanField(default=False, help_text="Agreed that other parties learn who they are.")
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    joined_at = models.DateTimeField(db_default=Now())
    left_at = models.DateTimeField(null=True, blank=True)

    asked_at = models.DateTimeField(null=True, blank=True)
    answer_until = models.DateTimeField(null=True, blank=True)
    paused_at = models.DateTimeField(null=True, blank=True)
    left = models.DurationField(null=True, blank=True, help_text="What is left of the time while it stands.")
    answered_at = models.DateTimeField(null=True, blank=True, help_text="The last word of theirs.")

    class Meta:
        verbose_name_plural = "parties"
        constraints = [
            models.UniqueConstraint(fields=["case", "user"], name="one_party_a_person"),
            models.UniqueConstraint(fields=["case", "organization"], name="one_party_an_organization"),
            models.CheckConstraint(
                condition=models.Q(user=None) | models.Q(organization=None), name="party_is_a_person_or_organization"
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization"],
                condition=models.Q(organization__isnull=False),
                name="party_of_organization",
            )
        ]

    def __str__(self) -> str:
        return str(self.get_role_display())


class PartyMessage(models.Model):
    """A line in the thread between the team and one party. Append-only by habit: nothing edits one (B5)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    party = models.ForeignKey(Party, models.PROTECT, related_name="messages", db_index=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    from_team = models.BooleanField()
    text = models.TextField()
    created_at = models.DateTimeField(db_default=Now())
    request_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        indexes = [models.Index(fields=["party", "id"], name="message_of_party")]


class CaseLink(models.Model):
    """Two cases that belong together: linked, never merged (architecture, idea 5). `first` is the older one."""

    class Reason(models.TextChoices):
        AUTHOR = "author", _("same author")
        REPOSITORY = "repository", _("same repository")
        CONTENT = "content", _("nearly the same content")
        BATCH = "batch", _("reported in one go")
        HAND = "hand", _("linked by us")

    first = models.ForeignKey(Case, models.PROTECT, related_name="links_to", db_index=False)
    second = models.ForeignKey(Case, models.PROTECT, related_name="links_from")
    reason = models.CharField(max_length=20, choices=Reason.choices)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="cases_linked_once"),
            models.CheckConstraint(condition=models.Q(first__lt=models.F("second")), name="link_from_older_to_newer"),
        ]
