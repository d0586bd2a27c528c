"""What columns of a repository say of its files at the head, so that lists and pages need not open git (A5, A6, A8)."""

from datetime import datetime

from accounts.models import User
from repositories.card import Card, read_card
from repositories.holding import CARD as CARD
from repositories.holding import LARGEST_CARD as LARGEST_CARD
from repositories.holding import is_held, leave_out, read_text
from repositories.indexing import index
from repositories.listing import update_label
from repositories.models import Repository
from repositories.signals import read_signals

# Columns of the same name as what the card says.
FROM_CARD = (
    "matter", "pipeline_tag", "library", "base_models", "datasets", "ethical_categories", "missing_documentation",
)  # fmt: skip


def read_head(row: Repository, *, actor: User, at: datetime, pull_request: int | None = None) -> None:
    """Recompute and save what comes from the files at the head of a locked row.

    `actor`, `at` and `pull_request` (the number of the merged one) are remembered when this commit is the one that
    brought the tag "not for all audiences" into the card (A4).
    """
    card = _say(row, read_text(row))
    row.signals = read_signals(row)
    _note_label(row, card, actor=actor, at=at, pull_request=pull_request)
    held = is_held(row)
    if held:
        leave_out(row)
    row.save()
    update_label(row)
    index(row, "" if held else card.body)


def show_or_hold(row: Repository) -> None:
    """Recompute and save what columns of a locked row say from its card, after a hold of it began or ended (E5)."""
    if is_held(row):
        leave_out(row)
        body = ""
    else:
        body = _say(row, read_text(row)).body
    row.save()
    index(row, body)


def _say(row: Repository, text: str) -> Card:
    row.card = text
    card = read_card(text)
    row.title, row.license, row.tags, row.languages = card.title, card.license, card.tags, card.languages
    for name in FROM_CARD:
        setattr(row, name, getattr(card, name))
    return card


def _note_label(row: Repository, card: Card, *, actor: User, at: datetime, pull_request: int | None) -> None:
    if card.nfaa and not row.card_nfaa:
        row.nfaa_commit, row.nfaa_by, row.nfaa_since, row.nfaa_pull_request = row.head, actor, at, pull_request
    elif not card.nfaa:
        row.nfaa_commit, row.nfaa_by, row.nfaa_since, row.nfaa_pull_request = "", None, None, None
    row.card_nfaa = card.nfaa
