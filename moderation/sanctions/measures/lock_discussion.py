from django.utils.translation import gettext as _

from community.models import Limit
from moderation.sanctions.measures.discussion_limit import DiscussionLimit
from moderation.sanctions.models import Measure


class LockDiscussion(DiscussionLimit):
    """Nobody but the team writes in it; it can be read (E4)."""

    code = Measure.Kind.LOCK_DISCUSSION
    limit_kind = Limit.Kind.LOCKED
    weight = 2

    @property
    def help(self) -> str:
        return _("Nobody but the team writes or reacts in it.")

    def effect(self) -> str:
        return _("The discussion is locked: it can be read, and nobody but our team writes or reacts in it.")
