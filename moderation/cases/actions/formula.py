from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import User
from foundation.errors import Forbidden, Refused
from moderation.cases import journal
from moderation.cases.models import Formula
from moderation.cases.reprioritise import rerank_for_formula
from moderation.cases.weights import checked, forget


@transaction.atomic
def change_weights(values: Mapping[str, object], *, actor: User) -> Formula:
    """Write a new version of the weights of the priority; every open case is computed again by a worker (D4).

    `values` has a number from 0 on for every term. Raises Forbidden without the permission, Refused for a term that is
    missing or unknown, for what is no number, and when somebody else wrote a version at the same moment.
    """
    if not actor.has_perm("cases.add_formula"):
        raise Forbidden(_("Only administrators change the weights of the priority."))
    weights = checked(values)
    version = (Formula.objects.aggregate(newest=Max("version"))["newest"] or 0) + 1
    try:
        with transaction.atomic():
            formula = Formula.objects.create(version=version, weights=weights, actor=actor)
            journal.note("formula.changed", actor=actor, data={"version": version})
    except IntegrityError:
        message = _("Somebody else changed the weights at the same moment. Look at theirs first.")
        raise Refused(message, code="stale") from None
    forget()
    rerank_for_formula(version)
    return formula
