"""Refusals of the community tab that carry more than their sentence."""

from django.utils.translation import gettext_lazy as _

from foundation.errors import Forbidden
from repositories.models import Repository


class ByDecision(Forbidden):
    """What the team does to what people wrote is a decision with reasons, which the rooms above make (G1)."""

    code = "by_decision"

    def __init__(self) -> None:
        super().__init__(
            _(
                "Our team does this by a decision, so that whoever wrote it hears why and can contest it: choose it on "
                "the page of the discussion, or by the endpoint for that."
            )
        )


class TabOff(Forbidden):
    """The owner turned the tab off: carries the repository, whose other pages are still there."""

    code = "tab_off"

    def __init__(self, repository: Repository, *, status: int | None = None) -> None:
        self.repository = repository
        super().__init__(_("The owner turned this community tab off."), status=status)
