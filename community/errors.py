"""Refusals of the community tab that carry more than their sentence."""

from django.utils.translation import gettext_lazy as _

from foundation.errors import Forbidden
from repositories.models import Repository


class TabOff(Forbidden):
    """The owner turned the tab off: carries the repository, whose other pages are still there."""

    code = "tab_off"

    def __init__(self, repository: Repository, *, status: int | None = None) -> None:
        self.repository = repository
        super().__init__(_("The owner turned this community tab off."), status=status)
