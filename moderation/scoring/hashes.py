"""Changing lists of known hashes: every change makes workers load them anew, and needs `scoring.see_terms` (H5, H6)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F

from accounts.models import User
from foundation.clock import Now
from moderation.scoring.models import HashList, KnownHash
from moderation.scoring.terms.actions import require_sight

_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Imported:
    """How many hashes an import added, left as they were and removed."""

    added: int
    same: int
    removed: int


def read_hashes(text: str) -> list[str]:
    """The hashes of a file, one a line, each once; what follows upon a hash and a blank, or upon #, is a note.

    Raises ValueError naming the first line that has none.
    """
    found: dict[str, None] = {}
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), start=1):
        value = line.partition("#")[0].strip().lower().partition(" ")[0]
        if not value:
            continue
        if not _HASH.fullmatch(value):
            raise ValueError(f"Line {number}: a hash has 64 hexadecimal digits.")
        found[value] = None
    return list(found)


def changed(lists: Sequence[int]) -> None:
    """The lists with these ids, or hashes of them, were changed: in the transaction of the change."""
    rows = HashList.objects.select_for_update(no_key=True).filter(pk__in=lists).order_by("pk")
    HashList.objects.filter(pk__in=[row.pk for row in rows]).update(version=F("version") + 1, changed_at=Now())


@transaction.atomic
def import_hashes(hash_list: HashList, values: Sequence[str], *, replace: bool = False, actor: User) -> Imported:
    """Add `values` to the list; with `replace` what is not among them is removed. Raises Forbidden."""
    require_sight(actor)
    HashList.objects.select_for_update(no_key=True).get(pk=hash_list.pk)
    there = set(hash_list.hashes.values_list("value", flat=True))
    new = [one for one in values if one not in there]
    gone = there - set(values) if replace else set()
    KnownHash.objects.filter(hash_list=hash_list, value__in=gone).delete()
    KnownHash.objects.bulk_create((KnownHash(hash_list=hash_list, value=one) for one in new), batch_size=5_000)
    if new or gone:
        changed([hash_list.pk])
    return Imported(len(new), len(values) - len(new), len(gone))
