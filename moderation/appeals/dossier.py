"""Everything that is needed to answer an appeal, in one place (G2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from moderation.appeals.forms import AnswerForm
from moderation.appeals.models import Appeal
from moderation.appeals.queries import affected_among, appeals_in, roles_among
from moderation.appeals.wording import MeasureLine, line
from moderation.cases.events import unseal
from moderation.cases.models import Case, EventText


@dataclass(frozen=True)
class Dossier:
    """An appeal, the decision it contests in the decider's words, its measures, and the form of whoever may answer.

    `role` is what the appellant is to the case, where they take part in it.
    """

    appeal: Appeal
    explanation: str
    measures: Sequence[MeasureLine]
    affected: bool
    role: str
    decided_first: bool
    own: bool
    form: AnswerForm | None


def dossiers(case: Case, *, viewer: User, now: datetime, sent: AnswerForm | None = None) -> list[Dossier]:
    """Every appeal of `case`, open ones first; `sent` is a form that came back with errors. Five queries."""
    appeals = list(appeals_in(case))
    affected, roles = affected_among(appeals), roles_among(appeals)
    return [
        Dossier(
            appeal=appeal,
            explanation=_explanation(appeal),
            measures=[line(measure, now) for measure in appeal.decision.measures.all()],
            affected=appeal.pk in affected,
            role=roles.get(appeal.pk, ""),
            decided_first=appeal.first_decider_id == viewer.pk,
            own=appeal.appellant_id == viewer.pk,
            form=_form(appeal, viewer, sent),
        )
        for appeal in appeals
    ]


def _explanation(appeal: Appeal) -> str:
    try:
        return unseal(appeal.decision.event.sealed)
    except EventText.DoesNotExist:
        return ""


def _form(appeal: Appeal, viewer: User, sent: AnswerForm | None) -> AnswerForm | None:
    if appeal.state != Appeal.State.OPEN or viewer.pk in (appeal.first_decider_id, appeal.appellant_id):
        return None
    if sent is not None and str(sent["appeal"].value()) == str(appeal.public_id):
        return sent
    return AnswerForm(initial={"appeal": appeal.public_id})
