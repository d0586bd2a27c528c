import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from accounts.models.names import Namespace
from foundation.clock import Now


class NameReset(models.Model):
    """That the team replaced a name by a neutral one: the old one shows nowhere, and nobody else takes it (B4, E5).

    It comes back when this is lifted, unless its holder chose another meanwhile: their choice stays.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    namespace = models.ForeignKey(Namespace, models.PROTECT, related_name="resets")
    former = models.CharField(max_length=96, help_text="Only the team and its holder read it.")
    given = models.CharField(max_length=96, help_text="Neutral, made by us.")
    created_at = models.DateTimeField(db_default=Now())
    chosen_at = models.DateTimeField(null=True, blank=True, help_text="When its holder chose another name.")
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(Lower("former"), name="name_reset_former")]
        constraints = [
            models.UniqueConstraint(
                fields=["namespace"], condition=Q(chosen_at=None, lifted_at=None), name="one_name_to_choose"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.given} in the place of another name"
