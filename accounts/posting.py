"""Who may post in community tabs (F2, F3, F5). Lower than the rooms that impose and lift restrictions."""

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import PostingRestriction, User
from foundation.errors import Forbidden


class PostingRefused(Forbidden):
    """A posting restriction stands: carries it, and says why and until when."""

    code = "posting_restricted"

    def __init__(self, restriction: PostingRestriction) -> None:
        self.restriction = restriction
        super().__init__(explain(restriction))


def standing_restriction(user: User) -> PostingRestriction | None:
    """The restriction that holds longest for `user` now by the database's clock, or None; one query."""
    longest_first = PostingRestriction.objects.active().filter(user=user).order_by("-ends_at")
    # PostgreSQL sorts NULL first when descending: one without an end outlasts all others.
    return longest_first.first()


def require_may_post(user: User) -> None:
    """Raise PostingRefused while a restriction of `user` stands. Every way to post asks this (F5)."""
    if restriction := standing_restriction(user):
        raise PostingRefused(restriction)


def explain(restriction: PostingRestriction) -> str:
    """What holds, why, until when and what can be done, in the reader's language and zone.

    The reason is translated where it is one that our rules bring; a moderator's own words stay as they are.
    """
    if restriction.ends_at is None:
        text = _("You cannot post in community tabs. Our reason: %(reason)s")
        return text % {"reason": _(restriction.reason)}
    end = timezone.localtime(restriction.ends_at)
    text = _("You can post again on %(date)s, %(time)s (%(zone)s). Our reason: %(reason)s")
    parts = {"date": date_format(end, "DATE_FORMAT"), "time": date_format(end, "H:i"), "zone": end.tzname()}
    return text % {**parts, "reason": _(restriction.reason)}
