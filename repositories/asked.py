"""What the team asks of an owner, and whether it is done: by choices of the owner, whatever the team did (E1, E5)."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from repositories.access import Access
from repositories.models import Condition, Gating, OwnerRequest, Repository, Visibility
from repositories.release import settle

RISKS = "risks"


@dataclass(frozen=True)
class Chosen:
    """What the owner of a repository chose: who sees it, who gets the files, what the card says."""

    visibility: str
    gating: str
    documented: bool  # the card at the head describes the risks
    tagged: bool  # the card itself says "not for all audiences"


def said_by_card(row: Repository) -> tuple[bool, bool]:
    """Whether the card describes the risks, and whether it says "not for all audiences"; held by the team or not."""
    return is_documented(row), row.card_nfaa


def chosen_in(row: Repository) -> Chosen:
    """What the owner of `row` chose, a stage of a release that began by its date included; one query at most."""
    settle(row)
    return Chosen(row.visibility, row.gating, *said_by_card(row))


def is_documented(row: Repository) -> bool:
    """Whether the card describes the risks; nothing is documented where there is no card."""
    return bool(row.head) and RISKS not in row.missing_documentation


def is_met(condition: str, chosen: Chosen) -> bool:
    """Whether the owner did what `condition` says. Raises ValueError for an unknown one."""
    match Condition(condition):
        case Condition.DOCUMENTED:
            return chosen.documented
        case Condition.TAGGED:
            return chosen.tagged
        case Condition.DOCUMENTED_TAGGED:
            return chosen.documented and chosen.tagged
        case Condition.GATED:
            return chosen.gating != Gating.NONE
        case Condition.PRIVATE:
            return chosen.visibility == Visibility.PRIVATE


def is_kept(condition: str, chosen: Chosen) -> bool:
    """Whether a repository may stay as it is under a standing condition: what nobody else sees breaks none."""
    return is_met(condition, chosen) or chosen.visibility == Visibility.PRIVATE


def how_to(condition: str) -> str:
    """How the owner does it, in a sentence or two of the active language."""
    risks = _("Write a section “Risks” in the card: what can go wrong, for whom, and what to do about it.")
    tag = _("Add the tag not-for-all-audiences to the tags at the top of the card.")
    ways = {
        Condition.DOCUMENTED: risks,
        Condition.TAGGED: tag,
        Condition.DOCUMENTED_TAGGED: " ".join((risks, tag)),
        Condition.GATED: _("Choose “gated” in the settings of the repository: people then ask you for its files."),
        Condition.PRIVATE: _("Choose “private” in the settings of the repository: then only your side sees it."),
    }
    return ways[Condition(condition)]


def where_to(row: Repository, condition: str) -> str:
    """The address of the page on which the owner does it; needs the namespace."""
    in_settings = condition in (Condition.GATED, Condition.PRIVATE)
    return f"{row.get_absolute_url()}/settings" if in_settings else f"{row.get_absolute_url()}/card/edit"


@dataclass(frozen=True)
class AskedLine:
    """A standing request as a page shows it; `how` and `address` are for whoever can do it."""

    request: OwnerRequest
    how: str
    address: str


def asked_lines(row: Repository, found: Access) -> list[AskedLine]:
    """The standing requests that whoever sees `row` with this access may read; no query where there is none."""
    if not row.asked:
        return []
    rows = OwnerRequest.objects.filter(repository=row.pk, ended_at=None).order_by("pk")
    return [
        AskedLine(one, how_to(one.condition) if found.owner_side else "", where_to(row, one.condition))
        for one in rows
        if found.manage or not one.confidential
    ]
