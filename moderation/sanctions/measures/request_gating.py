from django.utils.translation import gettext as _

from moderation.sanctions.measures.owner_request import AskOwner
from moderation.sanctions.models import Measure
from repositories.models import Condition


class RequestGating(AskOwner):
    """We ask the owner to gate the repository: people accept conditions, or are let in one by one (E1)."""

    code = Measure.Kind.REQUEST_GATING
    conditions = (Condition.GATED,)

    @property
    def help(self) -> str:
        return _("The owner gates it: people ask for the files, or accept conditions first.")

    def public_title(self) -> str:
        return _("A request to the owner: gate this repository")
