import uuid

from django.conf import settings
from django.db import models

from foundation.clock import Now
from repositories.models.repository import Repository


class InspectionQuerySet(models.QuerySet["Inspection"]):
    def open(self) -> "InspectionQuerySet":
        return self.filter(ends_at__gt=Now())


class Inspection(models.Model):
    """A member of the team opened what the owner keeps private, for a reason that the owner can read (A2)."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    repository = models.ForeignKey(Repository, models.PROTECT, related_name="inspections", db_index=False)
    moderator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", db_index=False)
    reason = models.TextField()
    starts_at = models.DateTimeField(db_default=Now())
    ends_at = models.DateTimeField()

    objects = InspectionQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["moderator", "ends_at"], name="inspection_of_moderator"),
            models.Index(fields=["repository", "-starts_at", "-id"], name="inspection_newest"),
        ]
