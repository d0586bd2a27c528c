from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import Namespace, User
from foundation import clock
from foundation.errors import Refused
from repositories import git
from repositories.access import require_edit, require_publish
from repositories.card import read_card
from repositories.listing import update_listing
from repositories.models import Gating, Repository, Visibility
from repositories.names import clean_path, clean_repository_name

LARGEST_FILE = 10 * 1024 * 1024
LARGEST_CARD = 200_000  # characters


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
    address is taken.
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
        raise Refused(_("You already have a repository of this name and kind."), code="exists") from None
    update_listing(repository)
    return repository


@transaction.atomic
def commit(
    repository: Repository,
    files: Mapping[str, bytes | None],
    *,
    actor: User,
    message: str,
    parent: str | None = None,
) -> str:
    """Commit `files` (path to content, None deletes) to main; returns the commit id (A1).

    Objects first, then the row (architecture, "git"). `parent` is the head the actor saw: another one is refused.
    Raises Forbidden unless `actor` edits the repository, ValidationError for a bad path or a file over 10 MB, Refused
    when somebody committed in between.
    """
    require_edit(repository, actor)
    for path, content in files.items():
        clean_path(path)
        if content is not None and len(content) > LARGEST_FILE:
            raise ValidationError(_("“%(path)s” is larger than 10 MB."), params={"path": path})
    row = Repository.objects.select_for_update().select_related("namespace").get(pk=repository.pk)
    if parent is not None and parent != row.head:
        raise Refused(
            _("Somebody changed these files after you opened them. Reload the page and try again."), code="stale"
        )
    moment = clock.now()
    row.head = git.write_commit(row, dict(files), author=actor.username, message=message, at=moment)
    row.updated_at = moment
    _read_card(row)
    row.save()
    repository.refresh_from_db()
    return row.head


def _read_card(row: Repository) -> None:
    content = git.read_file(row, "README.md") or b""
    row.card = content.decode(errors="replace")[:LARGEST_CARD].replace("\x00", "")
    card = read_card(row.card)
    row.title, row.license, row.tags, row.languages = card.title, card.license, card.tags, card.languages
    row.nfaa = card.nfaa
    row.search_text = "\n".join([row.full_name, *card.tags, card.title, card.body[:20_000]]).lower()
