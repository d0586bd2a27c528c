"""A measure that ends by itself, as whoever decided it chose: they are reminded once, on its case and by a letter (E5).

What it does is over at its end, whatever the workers do; this only says so.
"""

from collections.abc import Sequence

from django.utils import translation
from django.utils.translation import gettext as _

from accounts.actions import write_to
from accounts.models import User
from accounts.queries import system_actor
from foundation.drafts import draft
from foundation.markdown import literal
from moderation.cases.events import record
from moderation.cases.feedback import ENDED, wait_for_reader
from moderation.cases.models import Case, Deadline, Decision
from moderation.sanctions.measures import KINDS
from moderation.sanctions.models import Measure
from moderation.subjects.names import name_of


def draft_endings(row: Case, taken: Sequence[Measure]) -> list[Deadline]:
    """A deadline for each moment at which one of the measures of a decision ends by itself; none of them is saved."""
    ends = sorted({one.ends_at for one in taken if one.ends_at is not None})
    return [draft(Deadline, case=row, kind=Deadline.Kind.MEASURE_ENDED, due_at=end) for end in ends]


def measures_ended(row: Case, deadline: Deadline) -> None:
    """Say on the case and to whoever decided what ended at that moment, unless it was lifted or got another end."""
    found = Measure.objects.filter(decisions__case=row, interim=False, lifted_at=None, ends_at=deadline.due_at)
    said = row.events.filter(kind=ENDED).values_list("data__measures", flat=True)
    known = {one for measures in said for one in measures}
    ended = [one for one in found.distinct().order_by("pk") if one.public_id.hex not in known]
    if not ended:
        return
    data = {"measures": [one.public_id.hex for one in ended], "kinds": [one.kind for one in ended]}
    event = record(row, ENDED, actor=system_actor(), data=data)
    if row.state == Case.State.DECIDED and row.answered_at is None:
        wait_for_reader(row, event)
    deciders = User.objects.filter(pk__in=Decision.objects.final().filter(measures__in=ended, case=row).values("actor"))
    for person in deciders.order_by("pk"):
        if person.is_team:
            _remind(person, row, ended, deadline)


def _remind(person: User, row: Case, ended: Sequence[Measure], deadline: Deadline) -> None:
    with translation.override(person.language):
        lines = "\n".join(f"- {KINDS[one.kind].label}" for one in ended)
        words = _(
            "What you decided about %(what)s has ended by itself:\n\n%(measures)s\n\nLook whether that is enough."
        )
        write_to(
            person,
            key=f"measure-ended:{row.public_id}:{deadline.due_at.isoformat()}",
            subject=_("A measure of yours has ended"),
            body=words % {"what": literal(name_of(row.subject).what), "measures": lines},
            link=row.get_absolute_url(),
            link_label=_("The case"),
            actor=system_actor(),
        )
