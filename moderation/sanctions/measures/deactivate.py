from datetime import timedelta
from typing import ClassVar

from django.utils.translation import gettext as _

from accounts.models import PostingRestriction
from moderation.sanctions.measures.posting_ban import PostingBan
from moderation.sanctions.models import Measure


class Deactivate(PostingBan):
    """Deactivated from any public interaction in community tabs, until it is lifted (F3)."""

    code = Measure.Kind.DEACTIVATE
    second_by_default = True
    weight = 6
    step = 2
    chooses_end = False
    lasts: ClassVar[timedelta | None] = None
    restriction_kind = PostingRestriction.Kind.DEACTIVATED

    @property
    def help(self) -> str:
        return _("No posting in community tabs any more, until it is lifted.")

    def consequence(self, measure: Measure) -> str:
        return _(
            "You cannot post in community tabs any more. Reading, reporting, contesting this and changing your own "
            "repositories stay open to you."
        )

    def what_would_lift_it(self, measure: Measure) -> str:
        return _("It has no end. We lift it when you contest it and we agree.")
