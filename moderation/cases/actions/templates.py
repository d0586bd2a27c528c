from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation import clock
from foundation.errors import Forbidden, Refused
from moderation.cases.models import Decision, ReasonTemplate
from moderation.cases.templates_of_reasons import list_of_known, unknown_in
from moderation.sanctions.measures import DECIDED

FIELDS = ("title", "text", "language", "outcome", "clause", "measures", "active")


def write_template(*, actor: User, **values: Any) -> ReasonTemplate:
    """A new template of reasons: `title`, `text`, `language`, `outcome`, `clause`, `measures` (D4).

    Raises Forbidden, or Refused for an unknown variable, measures that do not fit the outcome, a title that is taken.
    """
    return _save(ReasonTemplate(created_by=actor), values, actor)


def change_template(template: ReasonTemplate, *, actor: User, **values: Any) -> ReasonTemplate:
    """The same for one that is there. Every moderator may; `active=False` keeps it out of the choices for good or for
    a while. What was decided with it keeps its words.
    """
    return _save(template, values, actor)


def _save(template: ReasonTemplate, values: dict[str, Any], actor: User) -> ReasonTemplate:
    if not actor.has_perm("cases.decide"):
        raise Forbidden(_("Only moderators can write templates."))
    for name in FIELDS:
        if name in values:
            setattr(template, name, values[name])
    _require_fitting(template)
    template.changed_at = clock.now()
    try:
        with transaction.atomic():
            template.save()
    except IntegrityError:
        raise Refused(_("There is another template of this title."), code="exists", status=400) from None
    return template


def _require_fitting(template: ReasonTemplate) -> None:
    if unknown := unknown_in(template.text):
        message = _("We do not know {%(unknown)s}. These can be used: %(known)s")
        raise Refused(message % {"unknown": unknown[0], "known": list_of_known()}, code="unknown", status=400)
    if template.outcome == Decision.Outcome.NO_VIOLATION and (template.clause or template.measures):
        raise Refused(_("“No violation” goes with neither a clause nor a measure."), code="invalid", status=400)
    if set(template.measures) - set(DECIDED):
        raise Refused(_("We do not know one of these measures."), code="invalid", status=400)
