"""What a pull request proposes, in the words of the protocol (B1)."""

from collections.abc import Iterator
from typing import Any

from community.models import Discussion
from community.pull_requests import proposal_of
from repositories import git
from repositories.access import Access
from repositories.git import Comparison, FileDiff

MOST_LINES = 5_000
_WITHOUT = {"added": "new file mode 100644", "deleted": "deleted file mode 100644"}


def describe(row: Discussion, found: Access, *, diff: bool) -> dict[str, Any]:
    """Where a pull request goes and what is in its way, with `diff` what it changes; needs repository and proposal.

    Whoever may not have the files learns the name of none: only whether there are conflicts, and no diff.
    """
    merged = row.pull_request.merge_commit
    described: dict[str, Any] = {"changes": {"base": git.MAIN} | ({"mergeCommitId": merged} if merged else {})}
    proposal = proposal_of(row, found, most_lines=MOST_LINES if diff else 0)
    if proposal is None:
        return described | {"filesWithConflicts": _in_conflict(row)}
    described["filesWithConflicts"] = list(proposal.conflicts)
    return described | ({"diff": unified(proposal.comparison)} if diff else {})


def unified(comparison: Comparison) -> str:
    """A comparison as one text, as `git diff` writes it; of a file too long to be shown only that it differs."""
    return "".join(f"{line}\n" for file in comparison.files for line in _lines(file))


def _in_conflict(row: Discussion) -> bool:
    repository, head = row.repository, row.pull_request.head
    standing = bool(head) and row.status != Discussion.Status.MERGED
    return standing and bool(git.try_merge(repository, repository.head, head).conflicts)


def _lines(file: FileDiff) -> Iterator[str]:
    old, new = f"a/{file.old_path}", f"b/{file.path}"
    yield f"diff --git {old} {new}"
    if file.status in _WITHOUT:
        yield _WITHOUT[file.status]
    if file.status == "renamed":
        yield f"rename from {file.old_path}"
        yield f"rename to {file.path}"
    before, after = old if file.old else "/dev/null", new if file.new else "/dev/null"
    if file.binary or file.cut:
        yield f"Binary files {before} and {after} differ" if file.binary else f"Files {before} and {after} differ"
    elif file.hunks:
        yield f"--- {before}"
        yield f"+++ {after}"
        for hunk in file.hunks:
            yield hunk.header
            for line in hunk.lines:
                yield f"{line.kind}{line.text}"
                if not line.ended:
                    yield "\\ No newline at end of file"
