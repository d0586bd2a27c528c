"""Erasing files of a repository on purpose: outside of exact undo (C6)."""

from collections.abc import Collection, Iterable, Sequence

from django.db import connection

from accounts.queries import system_actor
from repositories import git
from repositories.actions.head import move_head
from repositories.models import ErasedObject, Repository, Scan

BATCH = 1_000


def rewrite_history(row: Repository, heads: Sequence[str], paths: Collection[str]) -> dict[str, str]:
    """Let the history of `heads`, that of `row`, whose row the caller holds locked, among them, be without these files.

    Returns the new commit for each that was replaced; the caller stores those of the other heads, in the same
    transaction. What is read of the files at the head is read again, what was found in the erased ones is forgotten.
    From then on nobody reaches the files; `destroy_erased` takes them off the disk.
    """
    assert connection.in_atomic_block, "heads move in the transaction that says what became of them"
    found = git.rewrite(row, heads, paths)
    if not found.gone:
        return {}
    gone = [ErasedObject(repository=row, oid=oid, replaced_by=found.commits.get(oid, "")) for oid in sorted(found.gone)]
    ErasedObject.objects.bulk_create(gone, batch_size=BATCH, ignore_conflicts=True)
    Scan.objects.filter(repository=row, oid__in=found.contents).delete()
    if row.nfaa_commit in found.commits:
        row.nfaa_commit = found.commits[row.nfaa_commit]
    if row.head in found.commits:
        move_head(row, found.commits[row.head], actor=system_actor(), at=row.updated_at)
    return found.commits


def destroy_erased(row: Repository, heads: Sequence[str]) -> None:
    """Take everything off the disk that was ever erased from `row`, whose row the caller holds locked.

    But for what the history of `heads`, all that there are, holds again. Doing it twice changes nothing more.
    """
    assert connection.in_atomic_block, "no head moves while objects are destroyed"
    git.destroy(row, set(ErasedObject.objects.filter(repository=row).values_list("oid", flat=True)), heads)


def is_to_write_again(row: Repository, oid: str, parent: str, changes: Iterable[git.Change]) -> bool:
    """Whether folders are missing of commit `oid`, which made `changes` to `parent` before `row` was locked.

    It may reuse what was erased and still lay on the disk: that is destroyed under the same lock, for nothing that was
    stored needed it. Raises BadChange (`no_content`) for a file whose content went so. One query where nothing of the
    repository was ever erased.
    """
    lost = _lost(row, oid, parent)
    for change in changes:
        if isinstance(change, git.Put) and change.oid in lost:
            raise git.no_content(change.path)
    return bool(lost)


def _lost(row: Repository, oid: str, parent: str) -> set[str]:
    erased = ErasedObject.objects.filter(repository=row)
    if not erased.exists():
        return set()
    reused = erased.filter(oid__in=list(git.brought_by(row, oid, parent))).values_list("oid", flat=True)
    return git.missing(row, set(reused))


def was_erased(repository: Repository, oid: str) -> bool:
    """Whether this object of its history was erased; one query."""
    return len(oid) == 40 and ErasedObject.objects.filter(repository=repository, oid=oid).exists()
