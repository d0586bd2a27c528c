"""Restrictions on posting in community tabs (F2, F3, F5). Lower than the rooms that impose and lift them.

Whether a person may post in one place is asked of community.posting, which asks here too.
"""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import PostingRestriction, User
from foundation import clock
from foundation.compiled import Compiled
from foundation.errors import Forbidden


class PostingRefused(Forbidden):
    """A posting restriction stands: carries it, and says why and until when."""

    code = "posting_restricted"

    def __init__(self, restriction: PostingRestriction) -> None:
        self.restriction, self.until = restriction, restriction.ends_at
        super().__init__(explain(restriction))


def standing_restriction(user: User) -> PostingRestriction | None:
    """The restriction that holds longest for `user` now by the database's clock, or None; one query."""
    return _longest.first(user.pk)


# PostgreSQL sorts NULL first when descending: one without an end outlasts all others.
_longest = Compiled(lambda key: PostingRestriction.objects.active().filter(user=key).order_by("-ends_at")[:1])


def explain(restriction: PostingRestriction) -> str:
    """What holds, why, until when and what can be done, in the reader's language and zone.

    The reason is translated where it is one that our rules bring; a moderator's own words stay as they are.
    """
    parts = {"reason": _(restriction.reason)}
    if restriction.ends_at is None:
        text = _("You cannot post in community tabs. Our reason: %(reason)s")
    else:
        text = _(
            "You cannot post in community tabs for now. You can post again on %(date)s, %(time)s (%(zone)s). "
            "Our reason: %(reason)s"
        )
        parts |= words_of_end(restriction.ends_at)
    contest = _("What we wrote to you says how to contest it.")
    return f"{text % parts} {contest}"


def words_of_end(ends_at: datetime) -> dict[str, str]:
    """`date`, `time` and `zone` of a restriction's end, the full minute, for the active language and zone."""
    end = timezone.localtime(clock.full_minute(ends_at))
    zone = end.tzname() or ""
    return {"date": date_format(end, "DATE_FORMAT"), "time": date_format(end, "H:i"), "zone": zone}
