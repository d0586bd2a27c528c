from collections.abc import Mapping, Sequence
from functools import partial
from io import BytesIO

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Namespace, User
from foundation import clock
from foundation.errors import Refused
from repositories import git
from repositories.access import require_edit, require_publish
from repositories.actions.erasing import is_to_write_again
from repositories.actions.head import move_head
from repositories.former import address_used, require_unused
from repositories.listing import update_listing
from repositories.models import Gating, Repository, Visibility
from repositories.names import clean_path, clean_repository_name


@transaction.atomic
def create_repository(
    namespace: Namespace,
    name: str,
    *,
    kind: str,
    actor: User,
    visibility: str = Visibility.PUBLIC,
    gating: str = Gating.NONE,
) -> Repository:
    """A new, empty repository (A1).

    Raises ValidationError for a bad name, Forbidden unless `actor` may publish in `namespace`, Refused when the
    address is taken, or was before: names are not used again.
    """
    clean_repository_name(name)
    require_publish(namespace, actor)
    moment = clock.now()
    try:
        with transaction.atomic():
            repository = Repository.objects.create(
                namespace=namespace,
                name=name,
                kind=kind,
                created_by=actor,
                visibility=visibility,
                gating=gating,
                created_at=moment,
                updated_at=moment,
            )
    except IntegrityError:
        if Repository.objects.filter(namespace=namespace, kind=kind, name__iexact=name, deleted_at=None).exists():
            raise Refused(_("You already have a repository of this name and kind."), code="exists") from None
        raise address_used() from None
    require_unused(repository)
    update_listing(repository)
    return repository


def commit(
    repository: Repository,
    files: Mapping[str, bytes | None],
    *,
    actor: User,
    message: str,
    parent: str | None = None,
) -> str:
    """Commit `files` (path to content, None deletes) to main; returns the commit id (A1).

    `parent` is the head the actor saw: another one is refused. Raises Forbidden unless `actor` edits the repository,
    ValidationError for what cannot be committed, Refused when somebody committed in between.
    """
    require_edit(repository, actor)
    for path in files:
        clean_path(path)
    try:
        return commit_changes(repository, _stored(repository, files), actor=actor, message=message, parent=parent)
    except git.BadChange as refusal:
        if refusal.code != "no_content":
            raise
        # An erasure destroyed at this moment what we thought we had: the same bytes are kept anew.
        return commit_changes(repository, _stored(repository, files), actor=actor, message=message, parent=parent)


def _stored(repository: Repository, files: Mapping[str, bytes | None]) -> list[git.Change]:
    changes: list[git.Change] = []
    with git.incoming(repository) as box:
        for path, content in files.items():
            if content is None:
                changes.append(git.Delete(path))
            else:
                changes.append(git.Put(path, box.add(BytesIO(content)).oid))
    return changes


def commit_changes(
    repository: Repository, changes: Sequence[git.Change], *, actor: User, message: str, parent: str | None = None
) -> str:
    """Commit `changes`, whose contents are stored already, to main; returns the commit id (A1).

    Objects first, then the row (architecture, "git"); of what was erased here they are looked for again under the lock,
    since they may be destroyed in between (C6). `parent` and what is raised are as in `commit`, BadChange
    (`no_content`) for a content that is gone.
    """
    require_edit(repository, actor)
    moment = clock.now()
    write = partial(git.write_commit, repository, changes, author=actor.username, message=message, at=moment)
    seen = Repository.objects.values_list("head", flat=True).get(pk=repository.pk)
    if parent not in (None, seen):
        raise _stale()
    oid = write(parent=seen)
    with transaction.atomic():
        row = (
            Repository.objects.select_for_update(no_key=True, of=("self",))
            .select_related("namespace")
            .get(pk=repository.pk)
        )
        if row.head != seen:
            if parent is not None:
                raise _stale()
            oid = write(parent=row.head)
        if is_to_write_again(row, oid, row.head, changes):
            oid = write(parent=row.head)
        move_head(row, oid, actor=actor, at=moment)
    repository.refresh_from_db()
    return oid


def _stale() -> Refused:
    message = _("Somebody changed these files after you opened them. Reload the page and try again.")
    return Refused(message, code="stale")
