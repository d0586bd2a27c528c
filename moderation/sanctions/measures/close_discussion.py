from django.utils.translation import gettext as _

from community.models import Limit
from moderation.sanctions.measures.discussion_limit import DiscussionLimit
from moderation.sanctions.models import Measure


class CloseDiscussion(DiscussionLimit):
    """Nobody comments any more; reactions and what was said stay (E4)."""

    code = Measure.Kind.CLOSE_DISCUSSION
    limit_kind = Limit.Kind.CLOSED
    weight = 2

    @property
    def help(self) -> str:
        return _("Nobody comments in it any more, and nobody but us opens it again.")

    def effect(self) -> str:
        return _("The discussion is closed: it can be read, and nobody comments in it any more.")
