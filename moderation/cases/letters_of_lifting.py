"""What whom a measure affected reads when it is lifted: what it was about, and where our reasons stand (E5, G1)."""

from collections.abc import Iterable, Sequence

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.actions import draft_letter
from accounts.models import InboxMessage, User
from foundation.markdown import literal
from moderation.sanctions.actions.statements import address_of, affected_by, what_for_affected
from moderation.sanctions.measures import KINDS
from moderation.sanctions.models import Measure, StatementOfReasons

# So many measures a letter names one by one.
MOST_NAMED = 20


def draft_lifting(measure: Measure, *parts: Measure, reason: str) -> list[InboxMessage]:
    """To everybody whom `measure` affected: it, and these parts of it, hold no more; not saved yet.

    `reason` is said in their language where it is ours.
    """
    people = affected_by([measure])
    told = StatementOfReasons.objects.filter(measures=measure.pk, recipient__in=people) if measure.pk else ()
    places = {one.recipient_id: address_of(one) for one in sorted(told, key=lambda one: one.pk)}
    letters = []
    for person in people:
        place = places.get(person.pk, "")
        with translation.override(person.language):
            words = _("This holds no more for %(what)s: %(measure)s. %(after)s\n\n> %(reason)s")
            letters.append(
                draft_letter(
                    person,
                    key=f"lifted:{measure.public_id}",
                    subject=_("We lifted a measure"),
                    body=words
                    % {
                        "what": literal(what_for_affected(measure.subject)),
                        "measure": ", ".join(one.get_kind_display() for one in (measure, *parts)),
                        "after": KINDS[measure.kind].after_lifting(measure),
                        "reason": _(reason).replace("\n", "\n> "),
                    },
                    link=place,
                    link_label=_("Our decision") if place else "",
                    signed_path=place,
                )
            )
    return letters


def list_of(measures: Sequence[Measure]) -> str:
    """What is lifted and what it was about, a line for each of the first so many; in the active language."""
    lines = [f"- {one.get_kind_display()}: {literal(what_for_affected(one.subject))}" for one in measures[:MOST_NAMED]]
    more = len(measures) - MOST_NAMED
    if more > 0:
        lines.append(ngettext("- and %(count)s more", "- and %(count)s more", more) % {"count": more})
    return "\n".join(lines)


def by_person(measures: Iterable[Measure]) -> list[tuple[User, list[Measure]]]:
    """Everybody whom `measures` affected, each with those that did."""
    found: dict[int, tuple[User, list[Measure]]] = {}
    for measure in measures:
        for person in KINDS[measure.kind].told(measure):
            found.setdefault(person.pk, (person, []))[1].append(measure)
    return list(found.values())
