"""What everybody hears of an appeal, each in their language: whoever contests, and all who were told before (G1, G2).

Nobody but whoever contests reads what was said in the conversation, or who it was.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actions import draft_letter, send_letters, write_to
from accounts.models import InboxMessage, User
from accounts.zones import zone_of
from foundation.markdown import literal
from foundation.templatetags.foundation import exact
from moderation.appeals.models import Appeal, AppealMessage
from moderation.appeals.people import people_of
from moderation.appeals.queries import contest_until_without_letter, part_in
from moderation.cases.matter_links import link_for
from moderation.cases.matters import what_for
from moderation.cases.models import Case, Decision, Party
from moderation.cases.related import people_of as people_of_party
from moderation.reports.links import address_of
from moderation.reports.models import Report
from moderation.sanctions.actions.statements import address_of as address_of_statement
from moderation.sanctions.models import Measure, StatementOfReasons

YOURS = gettext_lazy("Your appeal")


def write_message(appeal: Appeal, message: AppealMessage, readers: Sequence[User], *, waits: bool, actor: User) -> None:
    """What one of us wrote, and until when we wait for an answer where we do."""
    for person in readers:
        with translation.override(person.language), timezone.override(zone_of(person)):
            until = appeal.answer_until
            parts = [
                _("We look at your appeal and would like to know something before we answer.")
                if waits
                else _("We look at your appeal and want you to know something."),
                _quoted(message.text),
                _("You have until %(moment)s to answer. If we hear nothing, we decide without it.")
                % {"moment": exact(until)}
                if waits and until
                else _("You need not answer."),
            ]
            write_to(
                person,
                key=key_of(message),
                subject=_("A question about your appeal") if waits else _("About your appeal"),
                body="\n\n".join(parts),
                link=where(appeal, person),
                link_label=_("Read and answer"),
                signed_path=_signed(appeal, person),
                actor=actor,
            )


def key_of(message: AppealMessage) -> str:
    """By which the letters of a message of ours are found again."""
    return f"appeal-message:{message.public_id}"


def write_answer(
    appeal: Appeal, *, affected: bool, lifted: Sequence[Measure], stands: bool, elsewhere: bool, actor: User
) -> None:
    """Our answer with its reasons, to whoever contests; `stands` says that what was decided again since holds.

    `elsewhere` says that another case, of which they hear nothing, looks at the same already.
    """
    for person in people_of(appeal):
        with translation.override(person.language):
            parts = [_answer(appeal, affected, stands, elsewhere), _list(lifted), _quoted(appeal.answer)]
            if stands and appeal.state in Appeal.RIGHT:
                parts.append(
                    _("Somebody decided about it again since: what was decided then holds, and can be contested too.")
                )
            write_to(
                person,
                key=f"appeal:{appeal.public_id}",
                subject=_("Our answer to your appeal"),
                body="\n\n".join(part for part in parts if part),
                link=where(appeal, person),
                link_label=str(YOURS),
                signed_path=_signed(appeal, person),
                actor=actor,
            )


@dataclass(frozen=True)
class News:
    """What the others hear: those whom the decision affected, and those who reported or take part."""

    affected: Callable[[], str]
    others: Callable[[str], str]


def tell_everybody(
    appeal: Appeal,
    row: Case,
    *,
    affected: bool,
    lifted: Sequence[Measure],
    elsewhere: bool,
    to_others: bool,
    actor: User,
) -> None:
    """Everybody who was told of the contested decision hears what became of it; each once, without whoever contests.

    `row` is the contested case. `to_others` says whether reporters and parties heard of the decision: not of what a
    rule did for the time being. `elsewhere` says that another case looks at the same already.
    """
    decision = appeal.decision
    told = {person.pk for person in people_of(appeal)} | {appeal.appellant_id}
    letters: list[InboxMessage] = []
    news = _overturned(appeal, lifted) if affected else _again(decision, elsewhere)
    statements = StatementOfReasons.objects.filter(decision_id=decision.public_id).exclude(recipient__in=told)
    for statement in statements.select_related("recipient").order_by("pk"):
        told.add(statement.recipient_id)
        place = address_of_statement(statement)
        letters.append(_letter(appeal, statement.recipient, news.affected, place, _THE_DECISION, signed_path=place))
    if to_others:
        letters += _to_others(appeal, row, news, told)
    send_letters(letters, actor=actor)


def _to_others(appeal: Appeal, row: Case, news: News, told: set[int]) -> Iterator[InboxMessage]:
    """To reporters and parties but those `told` before, who are told after that; none of these got a statement."""
    contested = set(Appeal.objects.filter(decision=appeal.decision).values_list("appellant", flat=True))
    reports = Report.objects.filter(case_report__case=row, channel__in=Report.BY_PEOPLE)
    reports = reports.exclude(state=Report.State.WITHDRAWN).exclude(reporter__in=told)
    for report in reports.select_related("reporter").order_by("pk"):
        person = report.reporter
        if person.pk not in told:
            told.add(person.pk)
            words = _and_contest(appeal, news, _reported, can=person.pk not in contested)
            yield _letter(appeal, person, words, address_of(report), _YOUR_REPORT)
    for party in row.parties.filter(left_at=None).select_related("user", "case__subject").order_by("pk"):
        for person in people_of_party(party):
            if person.pk not in told:
                told.add(person.pk)
                can = party.role != Party.Role.OWNER and person.pk not in contested
                words = _and_contest(appeal, news, _about(party), can=can)
                yield _letter(appeal, person, words, link_for(party, person), _READ)


_THE_DECISION, _YOUR_REPORT = gettext_lazy("Our decision"), gettext_lazy("Your report")
_READ = gettext_lazy("Read it again")


def _reported() -> str:
    return _("what you reported")


def _about(party: Party) -> Callable[[], str]:
    return lambda: literal(what_for(party))


def _overturned(appeal: Appeal, lifted: Sequence[Measure]) -> News:
    """Whoever contested was right, in whole or in part."""
    day = _day(appeal.decision)

    def affected() -> str:
        words = (
            _("What we decided on %(date)s was contested. Somebody who had not decided before found us wrong.")
            if appeal.state == Appeal.State.UPHELD
            else _("What we decided on %(date)s was contested. Somebody who had not decided before found us wrong "
                   "about a part of it.")
        )  # fmt: skip
        return "\n\n".join(part for part in (words % {"date": day}, _list(lifted)) if part)

    def others(what: str) -> str:
        words = (
            _("On %(date)s we took action about %(what)s. That was contested, somebody who had not decided before "
              "looked at it again, and found that we were wrong. What we did holds no more.")
            if appeal.state == Appeal.State.UPHELD
            else _("On %(date)s we took action about %(what)s. That was contested, somebody who had not decided before "
                   "looked at it again, and found that we were wrong about a part of it. The rest holds.")
        )  # fmt: skip
        return words % {"date": day, "what": what}

    return News(affected, others)


def _again(decision: Decision, elsewhere: bool) -> News:
    """A reporter, or somebody whom it concerns, was right: the case is open again, or another looks at the same."""
    day = {"date": _day(decision)}

    def affected() -> str:
        return _("We look again at what we decided on %(date)s. It holds until then. If we decide anything else, we "
                 "write to you.") % day  # fmt: skip

    def others(what: str) -> str:
        words = (
            _("We look again at what we decided on %(date)s about %(what)s: it was reported again meanwhile, and we "
              "decide about that. To hear what we decide, report it now.")
            if elsewhere
            else _("We look again at what we decided on %(date)s about %(what)s. You will hear from us.")
        )  # fmt: skip
        return words % {**day, "what": what}

    return News(affected, others)


def _and_contest(appeal: Appeal, news: News, about: Callable[[], str], *, can: bool) -> Callable[[], str]:
    """The words to a reporter or a party: where it was overturned, those who `can` contest that in turn."""

    def words() -> str:
        parts = [news.others(about())]
        if can and appeal.decision.overturned_at is not None:
            until = exact(contest_until_without_letter(appeal.decision))
            parts.append(_("If you think that we are wrong, you can contest it until %(moment)s.") % {"moment": until})
        return "\n\n".join(parts)

    return words


def _letter(
    appeal: Appeal, person: User, words: Callable[[], str], link: str, label: object, *, signed_path: str = ""
) -> InboxMessage:
    with translation.override(person.language), timezone.override(zone_of(person)):
        return draft_letter(
            person,
            key=f"appeal-told:{appeal.public_id}",
            subject=_("We looked again") if appeal.decision.overturned_at else _("We look again"),
            body=words(),
            link=link,
            link_label=str(label),
            signed_path=signed_path,
        )


def _answer(appeal: Appeal, affected: bool, stands: bool, elsewhere: bool) -> str:
    if appeal.state == Appeal.State.REJECTED:
        return _("Somebody who had not decided before looked again. The decision stands.")
    if appeal.state == Appeal.State.PARTLY:
        return _("We looked again and were wrong in part. What is named below is lifted; the rest stands.")
    if affected:
        return _("We looked again and were wrong. The measures you contested are lifted.")
    if stands:
        return _("We looked again and you were right.")
    if elsewhere:
        return _("We looked again and you were right. It was reported again meanwhile, and we decide about that. To "
                 "hear what we decide, report it now.")  # fmt: skip
    return _("We looked again and you were right: we take the matter up again. You will hear what we decide.")


def _list(lifted: Sequence[Measure]) -> str:
    names = "\n".join(f"- {one.get_kind_display()}" for one in lifted)
    return _("This holds no more, and what was before holds again:") + f"\n\n{names}" if names else ""


def _quoted(text: str) -> str:
    return "> " + text.replace("\n", "\n> ")


def _day(decision: Decision) -> str:
    return decision.decided_at.strftime("%Y-%m-%d")


def _signed(appeal: Appeal, person: User) -> str:
    """What the mail opens for somebody who cannot sign in: their statement of reasons, which leads to the appeal."""
    statements = StatementOfReasons.objects.filter(decision_id=appeal.decision.public_id, recipient=person)
    statement = statements.first()
    return address_of_statement(statement) if statement else ""


def where(appeal: Appeal, person: User) -> str:
    """Where `person` reads an own appeal; a guest on the page of the report, or of the matter that concerns them."""
    if not person.is_guest:
        return f"/appeals/{appeal.public_id}"
    reports = Report.objects.filter(reporter=person, case_report__case=appeal.decision.case_id)
    report = reports.select_related("reporter").order_by("-pk").first()
    party = None if report else part_in(appeal.decision, person)
    if party is not None:
        return f"{link_for(party, person)}/contest"
    return f"{address_of(report)}/contest" if report else "/"
