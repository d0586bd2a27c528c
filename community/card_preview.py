"""What stands beside a card while somebody writes it for a pull request (B1, A5)."""

from dataclasses import dataclass

from community.pull_requests.reading import Proposal, card_at
from repositories import git
from repositories.card import CardProblem, errors_in, read_card, validate_card
from repositories.card.differences import differences
from repositories.projections import CARD


@dataclass(frozen=True)
class CardPreview:
    """What a card would change, a sentence each, and what of its front matter programs cannot read."""

    of_the_card: list[str]
    problems: list[CardProblem]


def preview_card(before: str, after: str) -> CardPreview:
    """What becomes of what we read from the card when `after` stands in the place of `before`."""
    return CardPreview(differences(read_card(before), read_card(after)), errors_in(validate_card(after)))


def card_before(proposal: Proposal) -> str:
    """The card that what is proposed is compared with: in a conflict the one in main, which the new one replaces."""
    repository = proposal.repository
    return card_at(repository, repository.head if proposal.card_conflicts else proposal.base)


def changed_in_main(proposal: Proposal) -> git.Comparison:
    """What main changed in the card since what is proposed was made from it."""
    return git.diff(proposal.repository, proposal.base, proposal.repository.head, path=CARD)
