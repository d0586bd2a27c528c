"""Changing term lists: every change makes workers compile them anew, and needs the permission to see terms (H4, H6)."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import User
from classifiers.terms.folding import term_key
from foundation.clock import Now
from foundation.errors import Forbidden
from moderation.scoring.models import Term, TermList
from moderation.scoring.terms.reading import Row

SEE_TERMS = "scoring.see_terms"
_COLUMNS = ("text", "weight", "exceptions", "whole_word", "active")


@dataclass(frozen=True)
class Imported:
    """How many terms an import added, changed, left as they were and removed."""

    added: int
    changed: int
    same: int
    removed: int


def require_sight(actor: User) -> None:
    """Raises Forbidden for whoever may not see terms."""
    if not (actor.is_system or (actor.is_active and actor.has_perm(SEE_TERMS))):
        raise Forbidden(_("You may not see or change terms."))


def changed(lists: Sequence[int]) -> None:
    """The lists with these ids, or terms of them, were changed: in the transaction of the change."""
    # By id, so that two who change several wait for each other in one order.
    rows = TermList.objects.select_for_update(no_key=True).filter(pk__in=lists).order_by("pk")
    TermList.objects.filter(pk__in=[row.pk for row in rows]).update(version=F("version") + 1, changed_at=Now())


@transaction.atomic
def import_terms(term_list: TermList, rows: Sequence[Row], *, replace: bool = False, actor: User) -> Imported:
    """Write `rows` into the list: a term that is there already takes over what its row says.

    Which terms are the same says `term_key`. With `replace` terms without a row are removed. Raises Forbidden.
    """
    require_sight(actor)
    TermList.objects.select_for_update(no_key=True).get(pk=term_list.pk)
    wanted = {term_key(row.text): row for row in rows}
    there: dict[str, Term] = {}
    gone = []
    for term in term_list.terms.order_by("pk"):
        key = term_key(term.text)
        if key in wanted and key not in there:
            there[key] = term
        elif key in wanted or replace:  # the database may hold Straße and STRASSE: the row takes the place of both
            gone.append(term.pk)
    new = [Term(term_list=term_list, **_values(row)) for key, row in wanted.items() if key not in there]
    other = []
    for key, row in wanted.items():
        if (kept := there.get(key)) and any(getattr(kept, name) != value for name, value in _values(row).items()):
            for name, value in _values(row).items():
                setattr(kept, name, value)
            other.append(kept)
    Term.objects.filter(pk__in=gone).delete()
    Term.objects.bulk_update(other, _COLUMNS, batch_size=1_000)
    Term.objects.bulk_create(new, batch_size=1_000)
    if new or other or gone:
        changed([term_list.pk])
    return Imported(len(new), len(other), len(wanted) - len(new) - len(other), len(gone))


def _values(row: Row) -> dict[str, object]:
    return {name: getattr(row, name) for name in _COLUMNS}
