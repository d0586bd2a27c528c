"""Exporting main and the proposals as git refs, for operators and their backups (architecture, "git")."""

from community.models import PullRequest
from foundation.models import Change
from foundation.work import work_off
from repositories import git
from repositories.models import Repository

KIND = "head.moved"


def export_moved_heads() -> int:
    """Export the refs of every repository one of whose heads moved; returns how many exports there were."""
    return work_off(Change.objects.filter(kind=KIND), lambda change: _export(change.object_id))


def _export(key: int) -> None:
    # Locked, so that an export that read older heads cannot come last.
    repository = Repository.objects.select_for_update(no_key=True).get(pk=key)
    proposals = PullRequest.objects.filter(discussion__repository=key).exclude(head="")
    heads = {git.pull_request_ref(number): head for number, head in proposals.values_list("discussion__number", "head")}
    git.export_refs(repository, {git.MAIN: repository.head, **heads})
