import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Model
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.actions import draft_letter, send_letters
from accounts.models import InboxMessage, User
from accounts.zones import zone_of
from foundation import clock
from foundation.drafts import draft
from foundation.markdown import literal
from foundation.rows import insert_together
from foundation.templatetags.foundation import exact
from moderation.sanctions.measures import KINDS, judging
from moderation.sanctions.models import Measure, StatementOfReasons
from moderation.subjects.models import Subject

_THROUGH = StatementOfReasons.measures.through


@transaction.atomic(savepoint=False)
def issue_statements(
    decision_id: uuid.UUID,
    measures: Sequence[Measure],
    *,
    facts: str,
    automated_detection: bool,
    automated_decision: bool,
    actor: User,
    reported: bool = True,
    at: datetime | None = None,
) -> list[StatementOfReasons]:
    """One statement of reasons to everybody whom `measures` of one decision affect, in inbox and mail (G1).

    `reported` says whether people told us of it. Nothing about reporters goes in: `facts` are the team's own words.
    `at` is the present moment, where it is known. Calling again changes nothing.
    """
    made: list[StatementOfReasons] = []
    for one in draft_statements(
        decision_id,
        measures,
        facts=facts,
        automated_detection=automated_detection,
        automated_decision=automated_decision,
        reported=reported,
        at=at or clock.now(),
    ):
        if insert_together(one.statement, *one.links):
            send_letters([one.letter], actor=actor)
            made.append(one.statement)
        else:
            made.append(StatementOfReasons.objects.get(decision_id=decision_id, recipient=one.statement.recipient))
    return made


@dataclass(frozen=True)
class DraftedStatement:
    """A statement of reasons with what belongs to it, before any of it is saved."""

    statement: StatementOfReasons
    links: Sequence[Model]  # to its measures
    letter: InboxMessage


def draft_statements(
    decision_id: uuid.UUID,
    measures: Sequence[Measure],
    *,
    facts: str,
    automated_detection: bool,
    automated_decision: bool,
    reported: bool,
    at: datetime,
) -> list[DraftedStatement]:
    """The same as rows that are not saved yet, of measures that need not be either."""
    first = measures[0]
    drafts = []
    for person in affected_by(measures):
        statement = draft(
            StatementOfReasons,
            decision_id=decision_id,
            recipient=person,
            subject=first.subject,
            clause=first.clause,
            policy_version=first.policy_version,
            facts=facts,
            automated_detection=automated_detection,
            automated_decision=automated_decision,
            contest_until=at + first.policy_version.contest_within,
            created_at=at,
        )
        links = [draft(_THROUGH, statementofreasons=statement, measure=one) for one in measures]
        drafts.append(DraftedStatement(statement, links, _letter(statement, measures, reported)))
    return drafts


def affected_by(measures: Sequence[Measure]) -> list[User]:
    """The persons sanctioned and the owner side of what was restricted, each once."""
    people: dict[int, User] = {}
    for measure in measures:
        people.update({person.pk: person for person in KINDS[measure.kind].told(measure)})
    return list(people.values())


def _letter(statement: StatementOfReasons, measures: Sequence[Measure], reported: bool) -> InboxMessage:
    person = statement.recipient
    with translation.override(person.language), timezone.override(zone_of(person)):
        return draft_letter(
            person,
            key=f"statement:{statement.public_id}",
            subject=_("Our decision about %(what)s") % {"what": what_for_affected(statement.subject)},
            body=compose(statement, measures, reported=reported),
            link=address_of(statement),
            link_label=_("Contest this decision"),
            signed_path=address_of(statement),
        )


def address_of(statement: StatementOfReasons) -> str:
    """The path at which its recipient reads a statement and contests it."""
    return f"/appeal/{statement.public_id}"


def compose(statement: StatementOfReasons, measures: Sequence[Measure], *, reported: bool = True) -> str:
    """The statement as Markdown, in the active language and time zone: the one composer of mail, inbox, page, API and
    preview (G1).

    What we decided, what it covers and for how long, the facts, the clause and the version of the policy, whether a
    machine found or decided it, until when it can be contested, and what else can be done.
    """
    parts = [_("We decided about %(what)s.") % {"what": literal(what_for_affected(statement.subject))}]
    parts += [in_words(one) for one in measures]
    # A rule brings words that we translated; a moderator's own stay as they are.
    facts = _(statement.facts) if statement.automated_decision else statement.facts
    parts.append("> " + facts.replace("\n", "\n> "))
    only_held = statement.automated_decision and not judging(one.kind for one in measures)
    if only_held:
        parts.append(_("Nobody of us has looked yet; a moderator will, soon. You will hear what we decide."))
    else:
        parts.append(
            _("It falls under the clause “%(clause)s” of our policy, %(version)s.")
            % {"clause": _(statement.clause.title), "version": statement.policy_version}
        )
        parts.append(_who(statement, reported))
    contest = _("If you think we are wrong, you can contest this until %(moment)s. Somebody who did not decide it will "
                "look.")  # fmt: skip
    parts.append(contest % {"moment": exact(statement.contest_until)})
    parts.append(_(statement.policy_version.other_redress))
    return "\n\n".join(str(part) for part in parts)


def in_words(measure: Measure) -> str:
    """A measure as Markdown for whom it affects: what it means, what it covers, how long it holds (G1)."""
    kind = KINDS[measure.kind]
    words = f"**{kind.label}**\n{kind.consequence(measure)}"
    if not kind.enforced:
        return words
    scope = _("What it covers: %(scope)s. It holds everywhere in the world.")
    duration = _("How long: %(duration)s.")
    return "\n".join(
        (
            f"{words}\n",
            f"- {scope % {'scope': literal(kind.scope(measure))}}",
            f"- {duration % {'duration': kind.duration(measure)}}",
        )
    )


def _who(statement: StatementOfReasons, reported: bool) -> str:
    if statement.automated_decision:
        return _("A rule decided this by itself, for the time being; a moderator will review it.")
    if statement.automated_detection:
        return _("A machine flagged it; a moderator looked at it and decided.")
    if reported:
        return _("People reported it; a moderator looked at it and decided.")
    return _("A moderator came across it, looked at it and decided.")


def what_for_affected(subject: Subject) -> str:
    """What a decision is about, in the active language, as whom it affects calls it; plain text."""
    if subject.comment_id:
        return _("your comment in “%(title)s”") % {"title": subject.target.discussion.title}
    if subject.discussion_id:
        return _("your discussion “%(title)s”") % {"title": subject.target.title}
    if subject.user_id:
        return _("your account")
    return str(subject.target)
