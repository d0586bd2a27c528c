from django.utils.translation import gettext as _

from moderation.sanctions.measures.repository_restriction import RepositoryRestriction
from moderation.sanctions.models import Measure
from repositories.models import Condition, Restriction


class Private(RepositoryRestriction):
    """Only whoever manages the repository sees it, beside whatever its owner chose (E3, A2)."""

    code = Measure.Kind.PRIVATE
    restriction_kind = Restriction.Kind.PRIVATE
    weight = 4
    chooses_end = True
    asks_why_requests_fail = True
    conditions = tuple(Condition)

    @property
    def help(self) -> str:
        return _("Nobody but whoever manages the repository sees it.")

    def public_title(self) -> str:
        return _("We made this repository private")

    def effect(self) -> str:
        return _(
            "Nobody but you sees this repository, its files and its discussions; of an organization, its admins do. "
            "You can go on changing it, and what you choose in its settings holds again once this is lifted."
        )
