import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organization
from foundation.clock import Now
from moderation.cases.models import Case, Decision
from moderation.reports.models import Fewer, StoredFile
from moderation.sanctions.models import Measure


class Appeal(models.Model):
    """Somebody affected, or a reporter, contests a decision: a conversation that ends with an answer (G2).

    Where an organization is affected, its admins contest as one: `appellant` is who began. Who may answer it says the
    function appeals_left_to_others() in the database, and a trigger refuses everybody else (migrations 0003, 0004).
    """

    class State(models.TextChoices):
        OPEN = "open", _("we are looking at it")
        UPHELD = "upheld", _("we were wrong: the measures are lifted")
        PARTLY = "partly", _("we were wrong in part: some measures are lifted")
        REJECTED = "rejected", _("the decision stands")

    class Side(models.TextChoices):
        """Whose answer an open appeal waits for."""

        TEAM = "team", _("waits for us")
        APPELLANT = "appellant", _("waits for an answer of whoever contests it")

    # In which measures are lifted, where the decision affects whoever contests it.
    RIGHT = (State.UPHELD, State.PARTLY)

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="appeals", db_index=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="appeals", help_text="The appeal case in the queue.")
    appellant = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="appeals", db_index=False)
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="+",
        help_text="For which its admins contest it.",
    )  # fmt: skip
    text = models.TextField(help_text="Why, in the appellant's words.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    waits_for = models.CharField(max_length=10, choices=Side.choices, default=Side.TEAM, db_default=Side.TEAM)
    answer_until = models.DateTimeField(null=True, blank=True, help_text="Until when we wait for their answer.")
    # Copied from the decision, so that the database itself can check who decides.
    first_decider = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    answer = models.TextField(blank=True, help_text="Our words to the appellant.")
    lifted = models.ManyToManyField(
        Measure, blank=True, related_name="+", help_text="Those of the contested measures that the answer lifted."
    )
    bad_faith = models.BooleanField(
        default=False, db_default=False, help_text="Made without any ground, knowingly or without looking."
    )
    created_at = models.DateTimeField(db_default=Now())
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["decision", "appellant"], name="one_appeal_a_person"),
            models.UniqueConstraint(fields=["decision", "organization"], name="one_appeal_an_organization"),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("first_decider")),
                name="appeal_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_by=None) | (~Q(state="open") & Q(decided_by__isnull=False)),
                name="appeal_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state="open") | Q(answer__regex=r"\S.{8,}\S"), name="appeal_answer_says_why"
            ),
            models.CheckConstraint(
                condition=Q(waits_for="team", answer_until=None)
                | Q(waits_for="appellant", answer_until__isnull=False, state="open"),
                name="appeal_waits_until_some_time",
            ),
            models.CheckConstraint(
                condition=Q(bad_faith=False) | Q(state="rejected"), name="only_rejected_in_bad_faith"
            ),
        ]
        indexes = [
            # How many somebody filed lately, and how many of them in bad faith (limits).
            models.Index(fields=["appellant", "-created_at"], name="appeal_of_person"),
        ]

    def __str__(self) -> str:
        return f"appeal {self.public_id}"


class AppealMessage(models.Model):
    """A line of the conversation between us and whoever contests a decision, in the order of the ids (G2).

    Nothing edits one (B5). What began it is `Appeal.text`, what ends it `Appeal.answer`.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="messages", db_index=False)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    from_team = models.BooleanField()
    text = models.TextField()
    created_at = models.DateTimeField(db_default=Now())
    # A form sent twice is one message.
    request_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)

    class Meta:
        indexes = [
            models.Index(fields=["appeal", "id"], name="message_of_appeal"),
            models.Index(
                fields=["author", "-created_at"], condition=Q(from_team=False), name="appeal_messages_of_person"
            ),
        ]

    def __str__(self) -> str:
        return f"message of {self.author}"


class AppealFile(StoredFile):
    """A file that came with an appeal: with its first words, or with the message that it names."""

    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="files")
    message = models.ForeignKey(AppealMessage, models.PROTECT, null=True, blank=True, related_name="files")


class AppealLimit(Fewer):
    """Fewer appeals: what a rule did can always be contested, because a human looks at that (G2)."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="appeal_limits")

    def __str__(self) -> str:
        return f"limit on appeals {self.pk}"
