"""Refusals that say more than a sentence."""

from django.utils.translation import gettext_lazy as _

from foundation.errors import Refused
from repositories.models import Repository, Restriction


class Moved(Refused):
    """What lay at this address was renamed or transferred, and whoever asks sees it where it is now (A2, "Names").

    `kind`, `owner` and `name` are what was asked for; `repository` comes with its namespace.
    """

    code = "moved"
    status = 404

    def __init__(self, repository: Repository, *, kind: str, owner: str, name: str) -> None:
        self.repository, self.kind, self.owner, self.name = repository, kind, owner, name
        message = _("This repository moved. It is called %(name)s now.") % {"name": repository.full_name}
        super().__init__(message)


class Removed(Refused):
    """The team removed what lies at this address, and whoever asks would see it otherwise: a notice stands there (E4).

    `restrictions` are those that removed it. Of confidential ones everybody reads “restricted” and no more (E3).
    """

    status = 410

    def __init__(self, repository: Repository, restrictions: tuple[Restriction, ...]) -> None:
        self.repository, self.restrictions = repository, restrictions
        self.confidential = all(one.confidential for one in restrictions)
        if self.confidential:
            super().__init__(_("This repository is restricted."), code="restricted")
        else:
            super().__init__(_("We removed this repository under our content policy."), code="removed")
