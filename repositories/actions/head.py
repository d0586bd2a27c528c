from datetime import datetime

from accounts.models import User
from foundation import changes
from repositories import scanning
from repositories.asked import said_by_card
from repositories.models import Repository
from repositories.projections import read_head


def move_head(row: Repository, oid: str, *, actor: User, at: datetime, pull_request: int | None = None) -> None:
    """Let commit `oid`, whose objects are safely stored, be the head of a repository whose row the caller holds locked.

    From here on the commit exists (architecture, "git"). What the files say is read again, what is new in them waits to
    be looked into (A8), the refs will be exported, and whoever waits for what the card says is told (E1).
    """
    said = said_by_card(row)
    before, row.head, row.updated_at = row.head, oid, at
    read_head(row, actor=actor, at=at, pull_request=pull_request)
    scanning.request_scans(row, before)
    changes.tell("head.moved", row.pk, actor_id=actor.pk)
    if said_by_card(row) != said:
        changes.tell("repository.changed", row.pk, actor_id=actor.pk)
