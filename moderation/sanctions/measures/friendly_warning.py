from datetime import datetime

from django.utils.translation import gettext as _

from moderation.sanctions.measures.base import SanctionOnPerson
from moderation.sanctions.models import Measure


class FriendlyWarning(SanctionOnPerson):
    """Private words, naming the content and why it was inappropriate; the statement of reasons carries them (F1)."""

    code = Measure.Kind.FRIENDLY_WARNING
    weight = 1
    step = 0
    only_words = True

    @property
    def help(self) -> str:
        return _("Private words to the person, and no other consequence.")

    def apply(self, measure: Measure) -> None:
        pass

    def undo(self, measure: Measure) -> None:
        pass

    def change_end(self, measure: Measure, ends_at: datetime | None) -> None:
        pass

    def consequence(self, measure: Measure) -> str:
        return _("This is a friendly warning. It has no other consequence, and nobody else sees it.")

    def what_would_lift_it(self, measure: Measure) -> str:
        return ""
