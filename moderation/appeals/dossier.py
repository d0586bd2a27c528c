"""Everything that is needed to answer an appeal, in one place (G2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from moderation.appeals.forms import AnswerForm, AskForm
from moderation.appeals.models import Appeal
from moderation.appeals.people import deciders_about
from moderation.appeals.queries import affected_among, roles_among, still_contested_of
from moderation.appeals.talk import Talk, talks_of, waits
from moderation.appeals.wording import MeasureLine, line
from moderation.cases.audit import REPORTS, note_reading
from moderation.cases.events import unseal
from moderation.cases.models import Case, EventText


@dataclass(frozen=True)
class Dossier:
    """An appeal, the decision it contests in the decider's words, its measures, and the forms of whoever may answer.

    `role` is what the appellant is to the case, where they take part in it. `waits` says for whom: "team", "appellant",
    or "over" when they let their time pass. `open` are the measures that an answer can still lift.
    """

    appeal: Appeal
    explanation: str
    measures: Sequence[MeasureLine]
    open: Sequence[MeasureLine]
    talk: Talk
    waits: str
    affected: bool
    role: str
    decided_first: bool
    own: bool
    form: AnswerForm | None
    ask: AskForm | None


def dossiers(
    appeals: Sequence[Appeal],
    *,
    viewer: User,
    now: datetime,
    barred: bool = False,
    sent: AnswerForm | AskForm | None = None,
) -> list[Dossier]:
    """What is needed to answer each of `appeals`, as appeals_in() gives them; `sent` is a form that came back.

    Whoever is `barred` has a part in what it is about, and answers none. Seven queries.
    """
    affected, roles = affected_among(appeals), roles_among(appeals)
    deciders, talks, contested = deciders_about(appeals), talks_of(appeals), still_contested_of(appeals)
    found = []
    for appeal in appeals:
        measures = [line(measure, now) for measure in appeal.decision.measures.all()]
        open_ones = [one for one in measures if appeal.pk in affected and one.measure.pk in contested[appeal.pk]]
        decided, own = viewer.pk in deciders[appeal.pk], appeal.appellant_id == viewer.pk
        answerable = appeal.state == Appeal.State.OPEN and not (decided or own or barred)
        found.append(
            Dossier(
                appeal=appeal,
                explanation=_explanation(appeal),
                measures=measures,
                open=open_ones,
                talk=talks[appeal.pk],
                waits=waits(appeal, now),
                affected=appeal.pk in affected,
                role=roles.get(appeal.pk, ""),
                decided_first=decided,
                own=own,
                form=_answer(appeal, open_ones, sent) if answerable else None,
                ask=_ask(appeal, sent) if answerable else None,
            )
        )
    return found


def note_names(case: Case, shown: Sequence[Dossier], *, actor: User) -> None:
    """Write that `actor` was shown these: who appeals as a reporter is named in them (J6)."""
    if any(not one.affected and not one.role for one in shown):
        note_reading(case, REPORTS, actor=actor)


def note_conversation(case: Case, appeal: Appeal, *, actor: User) -> None:
    """The same of somebody who reads what was written in one `appeal`."""
    if not affected_among([appeal]) and not roles_among([appeal]):
        note_reading(case, REPORTS, actor=actor)


def _explanation(appeal: Appeal) -> str:
    try:
        return unseal(appeal.decision.event.sealed)
    except EventText.DoesNotExist:
        return ""


def _answer(appeal: Appeal, choices: Sequence[MeasureLine], sent: AnswerForm | AskForm | None) -> AnswerForm:
    if isinstance(sent, AnswerForm) and str(sent["appeal"].value()) == str(appeal.public_id):
        sent.offer(choices)
        return sent
    return AnswerForm(initial={"appeal": appeal.public_id}, choices=choices)


def _ask(appeal: Appeal, sent: AnswerForm | AskForm | None) -> AskForm:
    if isinstance(sent, AskForm) and str(sent["appeal"].value()) == str(appeal.public_id):
        return sent
    return AskForm(appeal=appeal.public_id)
