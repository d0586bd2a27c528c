from django.utils.translation import gettext as _

from moderation.sanctions.measures.owner_request import AskOwner
from moderation.sanctions.models import Measure
from repositories.models import Condition


class RequestPrivate(AskOwner):
    """We ask the owner to make the repository private, by a choice of their own (E1)."""

    code = Measure.Kind.REQUEST_PRIVATE
    conditions = (Condition.PRIVATE,)

    @property
    def help(self) -> str:
        return _("The owner makes it private: only their side sees it then.")

    def public_title(self) -> str:
        return _("A request to the owner: make this repository private")
