from django.conf import settings
from django.db import models

from foundation.clock import Now
from repositories.models.repository import Repository


class Like(models.Model):
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="likes", db_index=False)
    repository = models.ForeignKey(Repository, models.CASCADE, related_name="liked_by")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "repository"], name="one_like")]
