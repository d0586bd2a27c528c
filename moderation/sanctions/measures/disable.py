from django.utils.translation import gettext as _

from moderation.sanctions.measures.repository_restriction import RepositoryRestriction
from moderation.sanctions.models import Measure
from repositories.models import Condition, Restriction


class Disable(RepositoryRestriction):
    """Card and community tab stay visible, the files are there for the owner side only (E3, A2)."""

    code = Measure.Kind.DISABLE
    restriction_kind = Restriction.Kind.DISABLED
    second_by_default = True
    weight = 5
    asks_why_requests_fail = True
    conditions = tuple(Condition)

    @property
    def help(self) -> str:
        return _("Page and discussions stay; the files are only there for the owner.")

    def public_title(self) -> str:
        return _("We disabled access to the files of this repository")

    def effect(self) -> str:
        return _("The page and the discussions stay visible; the files are only there for the owner.")
