"""What columns of a repository say of its files at the head, so that lists and pages need not open git (A5, A6, A8)."""

from datetime import datetime

from accounts.models import User
from repositories import git
from repositories.card import Card, read_card
from repositories.indexing import index
from repositories.listing import update_label
from repositories.models import Repository
from repositories.signals import read_signals

LARGEST_CARD = 200_000  # characters
CARD = "README.md"
# Columns of the same name as what the card says.
FROM_CARD = (
    "matter", "pipeline_tag", "library", "base_models", "datasets", "ethical_categories", "missing_documentation",
)  # fmt: skip


def read_head(row: Repository, *, actor: User, at: datetime, pull_request: int | None = None) -> None:
    """Recompute and save what comes from the files at the head of a locked row.

    `actor`, `at` and `pull_request` (the number of the merged one) are remembered when this commit is the one that
    brought the tag "not for all audiences" into the card (A4).
    """
    content = git.read_file(row, CARD, limit=4 * LARGEST_CARD) or b""
    row.card = content.decode(errors="replace")[:LARGEST_CARD].replace("\x00", "")
    card = read_card(row.card)
    row.title, row.license, row.tags, row.languages = card.title, card.license, card.tags, card.languages
    for name in FROM_CARD:
        setattr(row, name, getattr(card, name))
    row.signals = read_signals(row)
    _note_label(row, card, actor=actor, at=at, pull_request=pull_request)
    row.save()
    update_label(row)
    index(row, card.body)


def _note_label(row: Repository, card: Card, *, actor: User, at: datetime, pull_request: int | None) -> None:
    if card.nfaa and not row.card_nfaa:
        row.nfaa_commit, row.nfaa_by, row.nfaa_since, row.nfaa_pull_request = row.head, actor, at, pull_request
    elif not card.nfaa:
        row.nfaa_commit, row.nfaa_by, row.nfaa_since, row.nfaa_pull_request = "", None, None, None
    row.card_nfaa = card.nfaa
