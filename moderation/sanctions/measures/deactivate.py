from datetime import timedelta
from typing import ClassVar

from django.utils.translation import gettext as _

from accounts.models import PostingRestriction
from moderation.sanctions.measures.posting_ban import PostingBan
from moderation.sanctions.models import Measure


class Deactivate(PostingBan):
    """Deactivated from any public interaction in community tabs, until it is lifted (F3)."""

    code = Measure.Kind.DEACTIVATE
    lasts: ClassVar[timedelta | None] = None
    restriction_kind = PostingRestriction.Kind.DEACTIVATED

    def consequence(self, measure: Measure) -> str:
        return _(
            "You cannot post in community tabs any more. Reading, reporting, contesting this and changing your own "
            "repositories stay open to you."
        )
