from typing import Any
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from foundation import clock
from foundation.errors import Forbidden, Refused
from moderation.cases import journal
from moderation.cases.actions.orders import LONGEST, SHORTEST, MeasureOrder, orders_of
from moderation.cases.models import Decision, ReasonTemplate
from moderation.cases.templates_of_reasons import list_of_known, unknown_in
from moderation.sanctions.actions.measures import require_condition
from moderation.sanctions.measures import DECIDED, KINDS

FIELDS = ("title", "text", "language", "outcome", "clause", "measures", "ends", "active")


def write_template(*, actor: User, request_id: UUID | None = None, **values: Any) -> ReasonTemplate:
    """A new template of reasons: `title`, `text`, `language`, `outcome`, `clause`, `measures`, `ends` (D4).

    `ends` are as chosen_ends() gives them, without dates: a template is used again after any date. Raises Forbidden, or
    Refused for an unknown variable, measures that do not fit the outcome, ends that do not fit a measure, a title that
    is taken. A repeated `request_id` returns the template it made before; with other words it is Refused (409, `sent`).
    """
    made = ReasonTemplate(created_by=actor)
    if request_id is not None:
        made.public_id = uuid5(actor.public_id, request_id.hex)
        known = ReasonTemplate.objects.filter(public_id=made.public_id).select_related("clause").first()
        if known is not None:
            if any(getattr(known, name) != value for name, value in values.items() if name in FIELDS):
                raise Refused(_("This request was sent before with other words. Use a new key."), code="sent")
            return known
    return _save(made, values, actor)


def change_template(template: ReasonTemplate, *, actor: User, **values: Any) -> ReasonTemplate:
    """The same for one that is there. Every moderator may; `active=False` keeps it out of the choices for good or for
    a while. What was decided with it keeps its words.
    """
    return _save(template, values, actor)


def orders_in(template: ReasonTemplate) -> list[MeasureOrder]:
    """The measures of `template`, each with its end."""
    return orders_of({"measures": template.measures, "ends": template.ends})


def _save(template: ReasonTemplate, values: dict[str, Any], actor: User) -> ReasonTemplate:
    if not actor.has_perm("cases.decide"):
        raise Forbidden(_("Only moderators can write templates."))
    for name in FIELDS:
        if name in values:
            setattr(template, name, values[name])
    if "ends" not in values:  # those of measures that it has no more
        template.ends = {kind: end for kind, end in template.ends.items() if kind in template.measures}
    _require_fitting(template)
    template.changed_at = clock.now()
    try:
        with transaction.atomic():
            kind = "template.written" if template._state.adding else "template.changed"
            template.save()
            journal.note(kind, actor=actor, data={"template": template.public_id.hex}, seals=[template])
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
    if set(template.ends) - set(template.measures):
        raise Refused(_("Choose an end for measures of the template only."), code="invalid", status=400)
    for order in orders_in(template):
        _require_end(order)


def _require_end(order: MeasureOrder) -> None:
    kind = KINDS[order.kind]
    if order.has_end and not kind.chooses_end:
        words = _("“%(measure)s” has no end to choose.") % {"measure": kind.label}
        raise Refused(words, code="invalid", status=400)
    if order.ends_at is not None or (order.lasts is not None and not SHORTEST <= order.lasts <= LONGEST):
        raise Refused(_("A measure of a template ends after hours, a year at most."), code="invalid", status=400)
    require_condition(kind, order.until_done)
