"""New accounts that used up what they may post in an hour."""

from datetime import datetime

from django.utils.translation import gettext_noop as _

from accounts.models import User
from community.models import Comment
from community.rate import NEW_WINDOW
from moderation.automation.models import Finding
from moderation.automation.screening.texts import Found, addresses

WORDS = _("A new account posted as much as it may within an hour. Among it:")


def throttled(person: User, at: datetime) -> Found:
    """What `person`, who reached the limit at `at`, posted: comments, up to the twenty newest."""
    rows = Comment.objects.filter(author=person, created_at__gt=at - NEW_WINDOW)
    comments = list(rows.values_list("pk", flat=True))
    return Found(Finding.Kind.THROTTLE, len(comments), (WORDS, *addresses(comments)))
