"""What a viewer could not lift: a page that offers it says why instead."""

from collections import defaultdict
from collections.abc import Collection

from django.utils.translation import gettext as _

from accounts.models import User
from foundation.errors import Forbidden
from moderation.cases.models import Case, Confirmation, Decision
from moderation.cases.permissions import parts_in, require_impartial
from moderation.cases.stakes import Stakes, stakes_of
from moderation.sanctions.measures import KINDS
from moderation.sanctions.models import Measure


def why_not_lift(measures: Collection[Measure], viewer: User, stakes: Stakes | None = None) -> dict[int, str]:
    """By id of those of `measures` that lift_measure() would refuse to lift for `viewer`, the reason in a sentence.

    Four queries, one less with the `stakes` of `viewer`; none for no measures.
    """
    if not measures:
        return {}
    keys = [one.pk for one in measures]
    taken = Decision.measures.through.objects.filter(measure__in=keys).values_list("measure", "decision__case")
    held = Confirmation.objects.filter(hold__in=keys).values_list("hold", "decision__case")
    of_measure: dict[int, set[int]] = defaultdict(set)
    for measure, key in taken.union(held):
        of_measure[measure].add(key)
    cases = Case.objects.in_bulk({case for found in of_measure.values() for case in found})
    own, parts = stakes or stakes_of(viewer), parts_in(cases.values(), viewer)
    barred: dict[int, str] = {}
    for case in cases.values():
        try:
            require_impartial(case, viewer, own, part=parts[case.pk])
        except Forbidden as refusal:
            barred[case.pk] = str(refusal)
    found: dict[int, str] = {}
    for one in measures:
        why = next((barred[key] for key in sorted(of_measure[one.pk]) if key in barred), "")
        if not viewer.has_perm(KINDS[one.kind].permission):
            why = _("Your role does not lift this.")
        elif not of_measure[one.pk] and not KINDS[one.kind].asks:
            why = _("This belongs to no case, so it cannot be lifted here.")
        if why:
            found[one.pk] = why
    return found
