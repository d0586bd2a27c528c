from django.db import transaction

from accounts.models import User
from foundation import changes
from repositories import git, scanning
from repositories.asked import said_by_card
from repositories.card import read_card
from repositories.indexing import index
from repositories.listing import update_label, update_listing
from repositories.models import Repository
from repositories.projections import CARD, LARGEST_CARD, read_head

OLDEST = 1_000  # commits looked at for the one that brought the tag


@transaction.atomic
def reread(key: int) -> None:
    """Compute again what columns say of the repository with this id and of its files; changes nothing else.

    For rows that an older Ombud wrote, and after a change of how files are read; doing it twice changes nothing more.
    Raises LookupError when the commit at the head is not on this machine: nothing is taken for empty then.
    """
    rows = Repository.objects.select_for_update(no_key=True, of=("self",)).select_related("namespace", "created_by")
    row = rows.filter(pk=key, deleted_at=None).first()
    if row is None:
        return
    known, said = row.card_nfaa, said_by_card(row)
    if row.head and git.find_commit(row, row.head) is None:
        raise LookupError(f"commit {row.head} is missing in {git.location(row)}")
    if row.head:
        read_head(row, actor=row.created_by, at=row.updated_at)
        scanning.request_scans(row, "")
    else:
        update_label(row)
        index(row)
    if row.card_nfaa and not known:
        _note_origin(row)
    update_listing(row)
    if said_by_card(row) != said:
        changes.tell("repository.changed", row.pk, actor_id=None)


def _note_origin(row: Repository) -> None:
    """Find who brought the tag into the card, which nobody noted at the time: back to where it was not there."""
    origin = None
    for commit in git.history(row, OLDEST, path=CARD):
        card = git.read_file(row, CARD, commit.oid, limit=4 * LARGEST_CARD) or b""
        if not read_card(card.decode(errors="replace")[:LARGEST_CARD]).nfaa:
            break
        origin = commit
    if origin is None:
        return
    author = User.objects.filter(username=origin.author).first() or row.created_by
    Repository.objects.filter(pk=row.pk).update(nfaa_commit=origin.oid, nfaa_by=author, nfaa_since=origin.at)
