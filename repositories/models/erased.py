from django.db import models

from foundation.clock import Now
from repositories.models.repository import Repository


class ErasedObject(models.Model):
    """An object of the git history that was erased on purpose (C6): whoever asks for it is told so, and no more.

    `replaced_by` is the commit that stands in the place of a commit. Ids of contents tell nothing but that one knew it.
    """

    repository = models.ForeignKey(Repository, models.PROTECT, related_name="+", db_index=False)
    oid = models.CharField(max_length=40)
    replaced_by = models.CharField(max_length=40, blank=True)
    erased_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["repository", "oid"], name="one_erased_object")]

    def __str__(self) -> str:
        return self.oid
