from django.conf import settings
from django.db import models

from community.models.discussion import Discussion


class PullRequest(models.Model):
    """The changes that a discussion proposes, as commits of their own beside the repository's history (B1).

    The row is the truth about their head, as the repository's row is about main.
    """

    discussion = models.OneToOneField(Discussion, models.PROTECT, related_name="pull_request")
    base = models.CharField(max_length=40, blank=True, help_text="Head of main when it was opened.")
    head = models.CharField(max_length=40, blank=True)
    merge_commit = models.CharField(max_length=40, blank=True)
    merged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    merged_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["head"], name="pull_request_head")]
