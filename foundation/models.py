from typing import ClassVar

from django.db import models

from foundation.clock import Now


class Work(models.Model):
    """Something that must happen later, committed together with its cause (architecture, idea 2).

    A worker takes it under a lease; a worker that dies lets the lease run out and another takes over.
    """

    created_at = models.DateTimeField(db_default=Now(), editable=False)
    due_at = models.DateTimeField(db_default=Now(), help_text="Not before this moment.")
    lease_until = models.DateTimeField(null=True, blank=True)
    lease = models.UUIDField(null=True, blank=True, help_text="Who holds it: one id per claim.")
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["due_at", "id"], condition=models.Q(done_at=None), name="%(class)s_pending"),
        ]


class Change(Work):
    """A fact a lower room tells to whoever listens above (architecture, idea 3). One room listens to each kind."""

    kind = models.CharField(max_length=60, help_text="Object and verb in the past, such as comment.added.")
    object_id = models.BigIntegerField()
    actor_id = models.BigIntegerField(null=True, blank=True)

    class Meta(Work.Meta):
        constraints = [models.CheckConstraint(condition=~models.Q(kind=""), name="change_has_kind")]
