import uuid
import zoneinfo
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.actions import write_to
from accounts.models import User
from accounts.queries import people_told_about
from foundation import clock
from foundation.markdown import literal
from foundation.rows import insert
from moderation.sanctions.measures import KINDS
from moderation.sanctions.models import Measure, StatementOfReasons

# How long a decision can be contested: at least six months from being informed (legal-facts.md, complaints).
CONTEST_WITHIN = timedelta(days=183)


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
) -> list[StatementOfReasons]:
    """One statement of reasons to everybody whom `measures` of one decision affect, in inbox and mail (G1).

    `reported` says whether people told us of it. Nothing about reporters goes in: `facts` are the team's own words.
    Calling again changes nothing.
    """
    return [
        _issue(decision_id, person, measures, facts, automated_detection, automated_decision, actor, reported)
        for person in affected_by(measures)
    ]


def affected_by(measures: Sequence[Measure]) -> list[User]:
    """The persons sanctioned and the owner side of what was restricted, each once."""
    people: dict[int, User] = {}
    for measure in measures:
        repository = measure.subject.repository
        told = [measure.person] if measure.person else people_told_about(repository.namespace) if repository else []
        if measure.kind == Measure.Kind.HOLD and measure.subject.author and not repository:
            told = [measure.subject.author]  # no sanction on the person, who is told all the same
        people.update({person.pk: person for person in told})
    return list(people.values())


def _issue(
    decision_id: uuid.UUID,
    person: User,
    measures: Sequence[Measure],
    facts: str,
    automated_detection: bool,
    automated_decision: bool,
    actor: User,
    reported: bool,
) -> StatementOfReasons:
    first = measures[0]
    now = clock.now()
    statement = StatementOfReasons(
        decision_id=decision_id,
        recipient=person,
        subject=first.subject,
        clause=first.clause,
        policy_version=first.policy_version,
        facts=facts,
        automated_detection=automated_detection,
        automated_decision=automated_decision,
        contest_until=now + CONTEST_WITHIN,
        created_at=now,
    )
    if not insert(statement):
        return StatementOfReasons.objects.get(decision_id=decision_id, recipient=person)
    for measure in measures:
        insert(StatementOfReasons.measures.through(statementofreasons_id=statement.pk, measure_id=measure.pk))
    with translation.override(person.language), timezone.override(_zone(person)):
        write_to(
            person,
            key=f"statement:{statement.public_id}",
            subject=_("Our decision about %(what)s") % {"what": _name(statement)},
            body=compose(statement, measures, reported=reported),
            link=f"/appeal/{statement.public_id}",
            link_label=_("Contest this decision"),
            actor=actor,
        )
    return statement


def compose(statement: StatementOfReasons, measures: Sequence[Measure], *, reported: bool = True) -> str:
    """The statement as Markdown, in the active language: what we decided, why, who decided, how to contest."""
    parts = [_("We decided about %(what)s.") % {"what": literal(_name(statement))}]
    parts += [f"**{KINDS[one.kind].label}**\n{KINDS[one.kind].consequence(one)}" for one in measures]
    # A rule brings words that we translated; a moderator's own stay as they are.
    facts = _(statement.facts) if statement.automated_decision else statement.facts
    parts.append("> " + facts.replace("\n", "\n> "))
    only_held = statement.automated_decision and all(one.kind == Measure.Kind.HOLD for one in measures)
    if only_held:
        parts.append(_("Nobody of us has looked yet; a moderator will, soon. You will hear what we decide."))
    else:
        parts.append(
            _("It falls under the clause “%(clause)s” of our policy, %(version)s.")
            % {"clause": _(statement.clause.title), "version": statement.policy_version}
        )
        parts.append(_who(statement, reported))
    until = date_format(timezone.localtime(statement.contest_until), "DATE_FORMAT")
    parts.append(
        _("If you think we are wrong, you can contest this until %(date)s. Somebody who did not decide it will look.")
        % {"date": until}
    )
    return "\n\n".join(str(part) for part in parts)


def _who(statement: StatementOfReasons, reported: bool) -> str:
    if statement.automated_decision:
        return _("A rule decided this by itself, for the time being; a moderator will review it.")
    if statement.automated_detection:
        return _("A machine flagged it; a moderator looked at it and decided.")
    if reported:
        return _("People reported it; a moderator looked at it and decided.")
    return _("A moderator came across it, looked at it and decided.")


def _name(statement: StatementOfReasons) -> str:
    subject = statement.subject
    if subject.comment_id:
        return _("your comment in “%(title)s”") % {"title": subject.target.discussion.title}
    if subject.discussion_id:
        return _("your discussion “%(title)s”") % {"title": subject.target.title}
    if subject.user_id:
        return _("your account")
    return str(subject.target)


def _zone(person: User) -> zoneinfo.ZoneInfo:
    try:
        return zoneinfo.ZoneInfo(person.time_zone)
    except (ValueError, zoneinfo.ZoneInfoNotFoundError):
        return zoneinfo.ZoneInfo("UTC")
