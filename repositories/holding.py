"""A card that the team holds until it has looked, or hides: what columns say, and who still reads it (C6, C9, E4).

The columns that come from the card are empty while the hold stands, so that whoever reads them cannot show it: lists,
feeds, search, programs. Files are another way to it: whoever serves those asks `Access.card_hidden`. What decides who
gets the files (the questions of a gated repository) and what protects readers (the tag "not for all audiences") stays.
"""

from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any

from django.utils.translation import gettext_lazy as _

from foundation.compiled import Compiled
from foundation.errors import Forbidden
from repositories import git
from repositories.access import Access
from repositories.card.licenses import license_of
from repositories.models import Repository, Restriction
from repositories.models.restriction import HIDING_CARD

CARD = "README.md"
LARGEST_CARD = 200_000  # characters
GATED = "extra_gated_"  # keys of front matter


def is_held(repository: Repository) -> bool:
    """Whether the card is held or hidden now; one query."""
    return bool(_holding(repository.pk))


_holding = Compiled(
    lambda key: (
        Restriction.objects.active().filter(repository=key, kind__in=HIDING_CARD).values_list("kind", flat=True)[:1]
    )
)


def read_text(repository: Repository) -> str:
    """The card at the head as its owner wrote it, from the files. Raises LookupError where its commit is missing."""
    if repository.head and git.find_commit(repository, repository.head) is None:
        raise LookupError(f"commit {repository.head} is missing in {git.location(repository)}")
    content = git.read_file(repository, CARD, limit=4 * LARGEST_CARD) or b""
    return content.decode(errors="replace")[:LARGEST_CARD].replace("\x00", "")


def card_of(repository: Repository) -> str:
    """The card as its owner wrote it, held or not: for the owner side, and for the team's evidence."""
    if repository.card or not repository.head:
        return repository.card
    return read_text(repository)


def shown_card(repository: Repository, found: Access) -> str:
    """The card as a viewer with this access reads it; "" while it is held from them."""
    return "" if found.card_hidden else card_of(repository)


def leave_out(row: Repository) -> None:
    """Empty what the columns of `row` say from its card, in memory."""
    row.card = row.title = row.pipeline_tag = row.library = ""
    row.tags, row.languages, row.base_models, row.datasets = [], [], [], []
    row.matter = {key: value for key, value in row.matter.items() if key.startswith(GATED)}
    if license_of(row.license) is None:  # not one of those we know: words of the owner
        row.license = ""


def is_card(path: str) -> bool:
    """Whether `path` names the card, however it is written."""
    return str(PurePosixPath(path)) == CARD


def require_card_shown(path: str, found: Access) -> None:
    """Raise Forbidden where `path` is a card that is held from a viewer with this access, at whatever commit."""
    if found.card_hidden and is_card(path):
        if found.card_held:
            raise Forbidden(_("The card of this repository is hidden until we have looked at it. Its files are not."))
        raise Forbidden(_("The card of this repository is hidden by our team. Its files are not."))


def without_card(comparison: git.Comparison, found: Access) -> git.Comparison:
    """`comparison` without the lines of a card that is held from a viewer with this access."""
    if not found.card_hidden:
        return comparison
    return replace(comparison, files=[_bare(one) for one in comparison.files])


def _bare(file: Any) -> Any:
    if CARD not in (file.path, file.old_path):
        return file
    return replace(file, hunks=[], additions=0, deletions=0, cut=True)
