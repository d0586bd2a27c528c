"""What a pull request proposes, for whoever may read it (A2, B1)."""

from dataclasses import dataclass
from functools import cached_property

from community.models import Discussion
from repositories import git
from repositories.access import Access
from repositories.card import body_of, read_card
from repositories.card.differences import differences
from repositories.holding import without_card
from repositories.models import Repository
from repositories.projections import CARD, LARGEST_CARD

# Commits that the page of a pull request lists.
MOST_COMMITS = 250
# Characters of front matter: longer YAML is not read for every visitor.
LONGEST_MATTER = 20_000


@dataclass(frozen=True)
class Proposal:
    """What a pull request changes from commit `base` to commit `head`, and which of it main changed too since.

    `behind` says whether main holds commits that it does not have; for one that is merged it says nothing.
    """

    repository: Repository
    base: str
    head: str
    comparison: git.Comparison
    conflicts: tuple[str, ...] = ()
    behind: bool = False
    card_hidden: bool = False

    @cached_property
    def commits(self) -> list[git.Commit]:
        """Newest first; at most MOST_COMMITS and one, which says that there are more."""
        return git.commits_beyond(self.repository, self.head, self.base, MOST_COMMITS + 1)

    @cached_property
    def changes_card(self) -> bool:
        return any(file.path == CARD for file in self.comparison.files)

    @property
    def card_conflicts(self) -> bool:
        """Whether nothing but the card has to be brought together by hand."""
        return self.conflicts == (CARD,)

    @cached_property
    def of_the_card(self) -> list[str]:
        """What changes in what we read from the card, a sentence each; [] where nothing of it does, or it is long."""
        if not self.changes_card or self.card_hidden:
            return []
        cards = [card_at(self.repository, oid) for oid in (self.base, self.head)]
        if any(len(card) - len(body_of(card)) > LONGEST_MATTER for card in cards):
            return []
        return differences(*map(read_card, cards))


def proposal_of(discussion: Discussion, found: Access, *, most_lines: int = 0) -> Proposal | None:
    """What a pull request proposes, with at most so many lines; None for what is closed to a viewer with this access.

    Needs the repository and the pull request; asks the database nothing.
    """
    repository, pull_request = discussion.repository, discussion.pull_request
    base, head = _base(discussion), pull_request.head
    comparison = git.diff(repository, base, head, most_lines=most_lines)
    if not may_read_changes(comparison, found):
        return None
    comparison = without_card(comparison, found)
    if discussion.status == Discussion.Status.MERGED or not head:
        return Proposal(repository, base, head, comparison, card_hidden=found.card_hidden)
    conflicts = git.try_merge(repository, repository.head, head).conflicts
    behind = bool(repository.head) and not git.in_history(repository, repository.head, head)
    return Proposal(repository, base, head, comparison, tuple(conflicts), behind, found.card_hidden)


def may_read_changes(comparison: git.Comparison, found: Access) -> bool:
    """Of files that are closed to a viewer only the card is public, and not what became the card (A2)."""
    return found.files or all((file.path, file.old_path) == (CARD, CARD) for file in comparison.files)


def card_at(repository: Repository, oid: str) -> str:
    """The card as text at a commit; "" where there is none."""
    content = git.read_file(repository, CARD, oid, limit=4 * LARGEST_CARD) if oid else None
    return (content or b"").decode(errors="replace")


def _base(discussion: Discussion) -> str:
    """The newest commit that main had in common with what is proposed, for a merged one before it was."""
    repository, pull_request = discussion.repository, discussion.pull_request
    main = repository.head
    if discussion.status == Discussion.Status.MERGED:
        merged = git.find_commit(repository, pull_request.merge_commit)
        # Of two parents the first is main; a merge into a repository without commits has one.
        main = merged.parents[0] if merged is not None and len(merged.parents) == 2 else ""
    return git.merge_base(repository, main, pull_request.head)
