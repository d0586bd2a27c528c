"""The versions of a file before the one that was reported, as the history orders them.

Never as its times do: whoever pushes a commit chooses its time.
"""

from collections.abc import Iterator

from moderation.subjects.content import CARD
from moderation.subjects.files import MOST_READ, path_of
from moderation.subjects.models import Snapshot
from moderation.subjects.passages import Budget, TooMuch, Words
from repositories import git
from repositories.holding import CARD as CARD_FILE
from repositories.models import Repository

# The newest ones before it, in so many commits; and in how many that changed the file it is looked for itself.
MOST_VERSIONS, MOST_COMMITS, MOST_CHANGES = 20, 1_000, 100
# What walking through the history costs of a budget.
WALK = 50_000


class FileVersions:
    """Of the files and the card of `repository`; each version is read once."""

    def __init__(self, repository: Repository, budget: Budget) -> None:
        self._repository, self._budget = repository, budget
        self._known: dict[tuple[str, str], Words] = {}

    def before(self, snapshot: Snapshot, *, is_markdown: bool) -> Iterator[Words]:
        """Newest first. Raises TooMuch where the history does not say which they are."""
        if snapshot.part == CARD:
            versions = self._of_card(snapshot.revision)
        else:
            versions = self._of_file(path_of(self._repository, snapshot), snapshot.revision)
        for path, commit, blob in versions:
            yield self._words(path, commit, blob, is_markdown=is_markdown)

    def _of_card(self, commit: str) -> list[tuple[str, str, str]]:
        """Those before the head that it had, `commit`."""
        if not self._repository.head:
            return []
        if not git.in_history(self._repository, commit):
            raise TooMuch
        shown = git.find_file(self._repository, CARD_FILE, commit)
        changed = self._changes(CARD_FILE, commit, MOST_VERSIONS + 1)
        return [one for one in changed if shown is None or one[2] != shown.oid][:MOST_VERSIONS]

    def _of_file(self, path: str, blob: str) -> list[tuple[str, str, str]]:
        """Those before the last that was `blob`."""
        changed = self._changes(path, "", MOST_CHANGES)
        place = next((place for place, one in enumerate(changed) if one[2] == blob), None)
        if place is None:
            raise TooMuch
        return [one for one in changed[place + 1 :] if one[2] != blob][:MOST_VERSIONS]

    def _changes(self, path: str, start: str, limit: int) -> list[tuple[str, str, str]]:
        """Path, commit and blob wherever the file changed, newest first."""
        self._budget.spend(WALK)
        commits = git.history(self._repository, limit, start, path=path, most=MOST_COMMITS)
        files = ((one.oid, git.find_file(self._repository, path, one.oid)) for one in commits)
        return [(path, oid, file.oid) for oid, file in files if file is not None]

    def _words(self, path: str, commit: str, blob: str, *, is_markdown: bool) -> Words:
        if (path, blob) not in self._known:
            content = git.read_file(self._repository, path, commit, limit=MOST_READ) or b""
            if len(content) == MOST_READ:  # more than we read
                raise TooMuch
            text = content.decode(errors="ignore")
            self._known[path, blob] = Words(text, budget=self._budget, is_markdown=is_markdown)
        return self._known[path, blob]
