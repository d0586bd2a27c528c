"""The licenses that cards name (A5)."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from repositories.card.license_table import NAMES
from repositories.card.restrictions import NOTES, RESTRICTIONS, Sentence


class Family(models.TextChoices):
    """What kind of permission a license is."""

    OPENRAIL = "openrail", _("open, with restrictions on use")
    PERMISSIVE = "permissive", _("permissive")
    COPYLEFT = "copyleft", _("copyleft: what is made from it stays under the same terms")
    CREATIVE_COMMONS = "creative_commons", _("Creative Commons")
    COMMUNITY = "community", _("with terms of its own: please read them")
    OTHER = "other", _("other terms")


@dataclass(frozen=True)
class License:
    """A license by the identifier that cards use. `restrictions` are what its use restrictions forbid, in our words."""

    id: str
    name: str
    family: Family
    restrictions: tuple[Sentence, ...] = ()
    note: Sentence = ""

    @property
    def is_openrail(self) -> bool:
        return self.family == Family.OPENRAIL


def license_of(identifier: str) -> License | None:
    """The license of that identifier, in upper or lower case; None where we know none."""
    return _LICENSES.get(identifier.strip().lower())


_LICENSES = {
    identifier: License(identifier, name, Family(family), RESTRICTIONS.get(identifier, ()), NOTES.get(identifier, ""))
    for family, names in NAMES.items()
    for identifier, name in names.items()
}
