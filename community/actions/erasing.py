"""Erasing words and files on purpose: outside of exact undo (C6). Each may be done again and changes nothing more."""

from collections.abc import Collection

from django.db import transaction

from community.models import Comment, CommentVersion, Discussion, DiscussionEvent, PullRequest
from community.projections import lock, project, without_quotes, words_of
from repositories.actions.erasing import destroy_erased, rewrite_history
from repositories.models import Repository

# What stands in the place of a title.
GONE = "[…]"
TITLES = ("from", "to")


@transaction.atomic
def erase_comment(comment: Comment) -> None:
    """Empty every version of `comment`, and let whoever quoted it in its discussion have quoted nothing, ever.

    It stays hidden or not as it was: whoever erases it hid it before.
    """
    row = lock(comment.discussion)
    kept = Comment.objects.select_for_update().get(pk=comment.pk)
    versions = CommentVersion.objects.filter(comment=kept)
    erased = words_of(versions.values_list("text", flat=True))
    quoting = []
    for version in CommentVersion.objects.filter(comment__discussion=row).exclude(comment=kept).order_by("pk"):
        text = without_quotes(version.text, erased)
        if text != version.text:
            version.text = text
            quoting.append(version)
    CommentVersion.objects.bulk_update(quoting, ["text"], batch_size=500)
    versions.update(text="")
    project(kept)
    for other in Comment.objects.filter(pk__in={one.comment_id for one in quoting}).order_by("pk"):
        project(other)
    comment.refresh_from_db()


def titles_of(discussion: Discussion) -> set[str]:
    """Every title that `discussion` has or had, as far as we know; two queries."""
    titles = {Discussion.objects.values_list("title", flat=True).get(pk=discussion.pk)}
    renamed = DiscussionEvent.objects.filter(discussion=discussion, kind=DiscussionEvent.Kind.RENAMED)
    for data in renamed.values_list("data", flat=True):
        kept = data.get(DiscussionEvent.KEPT, {})
        titles |= {one[name] for one in (data, kept) for name in TITLES if name in one}
    return titles - {"", GONE}


@transaction.atomic
def erase_opening(discussion: Discussion) -> None:
    """Erase what opens `discussion` and every title that it had; what others answered stays."""
    row = lock(discussion)
    Discussion.objects.filter(pk=row.pk).update(title=GONE)
    for event in DiscussionEvent.objects.filter(discussion=row, kind=DiscussionEvent.Kind.RENAMED).order_by("pk"):
        event.data = {name: GONE if name in TITLES else value for name, value in event.data.items()}
        event.data.pop(DiscussionEvent.KEPT, None)
        event.save(update_fields=["data"])
    erase_comment(row.comments.get(position=1))
    discussion.refresh_from_db()


def heads_of(repository: Repository) -> list[str]:
    """Every commit that the database names: of main and of pull requests."""
    rows = PullRequest.objects.filter(discussion__repository=repository)
    named = [oid for row in rows.values_list("head", "merge_commit", "base") for oid in row]
    return [oid for oid in dict.fromkeys([repository.head, *named]) if oid]


@transaction.atomic
def erase_files(repository: Repository, paths: Collection[str]) -> None:
    """Take the files at `paths` out of every revision of `repository`, those of its pull requests included (A1, C6)."""
    row = _locked(repository)
    proposals = list(PullRequest.objects.filter(discussion__repository=row).order_by("pk"))
    commits = rewrite_history(row, heads_of(row), paths)
    for one in proposals:
        for name in ("base", "head", "merge_commit"):
            setattr(one, name, commits.get(getattr(one, name), getattr(one, name)))
    PullRequest.objects.bulk_update(proposals, ["base", "head", "merge_commit"], batch_size=500)
    named = DiscussionEvent.objects.filter(discussion__repository=row, data__oid__in=list(commits))
    for event in named.order_by("pk"):
        event.data["oid"] = commits[event.data["oid"]]
        event.save(update_fields=["data"])
    repository.refresh_from_db()


@transaction.atomic
def destroy_files(repository: Repository) -> None:
    """Take what was erased from `repository` off the disk, but for what its main and pull requests hold again."""
    row = _locked(repository)
    destroy_erased(row, heads_of(row))


def _locked(repository: Repository) -> Repository:
    """Its row, locked with those of its pull requests, the repository's first: nobody moves one of its heads."""
    Repository.objects.select_for_update(no_key=True).values_list("pk").get(pk=repository.pk)
    proposals = Discussion.objects.filter(repository=repository, is_pull_request=True)
    list(proposals.select_for_update(no_key=True).order_by("pk").values_list("pk"))
    return Repository.objects.select_related("namespace").get(pk=repository.pk)
