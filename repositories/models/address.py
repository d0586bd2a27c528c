from django.db import models

from foundation.clock import Now
from repositories.models.repository import Kind, Repository


class FormerAddress(models.Model):
    """Where a repository lay before it was renamed or transferred: its readers are sent on, nobody takes the name."""

    kind = models.CharField(max_length=10, choices=Kind.choices)
    owner = models.CharField(max_length=96, help_text="In lower case.")
    name = models.CharField(max_length=96, help_text="In lower case.")
    repository = models.ForeignKey(Repository, models.CASCADE, related_name="former_addresses")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "owner", "name"], name="one_former_address")]
