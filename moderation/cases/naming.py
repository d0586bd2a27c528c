"""Finding names of reporters and of other parties in words that a party will read (D1, C2).

And in words that go to whom a decision affects: there no address of theirs stands, whoever confirms it, and nothing
that a confidential report says. Whoever of us writes confirms that the name of a reporter may stand there, since it may
be that of whoever was insulted; of a party only that party's own consent counts (D1).
"""

import re
from collections.abc import Iterable, Sequence

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from foundation.errors import Refused
from moderation.cases.models import Case, Party
from moderation.cases.quotes import quoted
from moderation.reports.models import Report, Sender
from moderation.subjects.models import Snapshot

MOST_REPORTERS = 500
SHORTEST_NAME = 3


class NamesSomebody(Refused):
    """The words name somebody whom the reader should not learn of; `names` are those that can be confirmed.

    In public none can, and nowhere that of a party who did not agree: those are `silent`.
    """

    code = "names_somebody"
    status = 422

    def __init__(self, names: Sequence[str], *, silent: bool = False, in_public: bool = False) -> None:
        self.confirmable = not (in_public or silent)
        self.names = list(names) if self.confirmable else []
        words = (
            _("Your words name somebody who takes part in this and did not agree that others learn of it: %(names)s. "
              "Take it out.")
            if silent
            else _("Your words name somebody who reported this or takes part in it: %(names)s. Everybody will read "
                   "them: take it out.")
            if in_public
            else _("Your words name somebody who reported this or takes part in it: %(names)s. Take it out, or confirm "
                   "that it must stay.")
        )  # fmt: skip
        super().__init__(words % {"names": ", ".join(names)})


class GivesAway(Refused):
    """The words give away who reported it: by an address, or by what a report says, which is confirmed in private."""

    code = "gives_away"
    status = 422

    def __init__(self, *, addresses: Sequence[str] = (), quote: str = "", in_public: bool = False) -> None:
        self.confirmable = not addresses and not in_public
        self.names = [quote] if self.confirmable else []
        words = (
            _("Your words hold an address of somebody who reported this or takes part in it: %(addresses)s. Take it "
              "out: nobody else may learn it.")
            % {"addresses": ", ".join(addresses)}
            if addresses
            else _("Your words repeat what a confidential report says: “%(quote)s”. Everybody will read them: say it "
                   "in your own words.") % {"quote": quote}
            if in_public
            else _("Your words repeat what a confidential report says: “%(quote)s”. Say it in your own words, or "
                   "confirm that it gives nobody away.") % {"quote": quote}
        )  # fmt: skip
        super().__init__(words)


def can_be_confirmed(refusal: Refused) -> bool:
    """Whether words that were refused, perhaps for one of several cases, may stay where their author confirms it."""
    return bool(getattr(refusal, "confirmable", False))


def require_no_names(party: Party, text: str, confirmed: bool, *, in_public: bool = False) -> None:
    """Raise GivesAway when `text` to `party` holds an address of somebody else, always.

    NamesSomebody when it holds the name of a party that no consent covers, always, and unless `confirmed` that of a
    reporter.
    """
    _require(party.case_id, [party.user] if party.user else [], text, confirmed, in_public=in_public)


def require_nobody_named(case: Case, text: str, readers: Sequence[User], confirmed: bool) -> None:
    """The same of words about `case` to `readers`, who need not be a party of it.

    And, unless `confirmed`, GivesAway for what the confidential report of anybody else says (C2).
    """
    _require(case.pk, readers, text, confirmed)
    if confirmed:
        return
    reports = Report.objects.filter(case_report__case=case, channel__in=Report.BY_PEOPLE).order_by("-pk")
    others = reports.filter(confidential=True).exclude(reporter__in=readers)[:MOST_REPORTERS]
    said = [word for one in others for word in (one.text, *one.links)]
    if quoted(text, said):
        own = [word for one in reports.filter(reporter__in=readers) for word in (one.text, *one.links)]
        if quote := quoted(text, said, [*own, *_known_to_readers(case)]):
            raise GivesAway(quote=quote)


def _require(case: int, readers: Sequence[User], text: str, confirmed: bool, *, in_public: bool = False) -> None:
    names, addresses, silent = _words(case, readers)
    if found := [word for word in sorted(addresses) if _stands(word, text)]:
        raise GivesAway(addresses=found)
    if found := [word for word in sorted(silent) if _stands(word, text)]:
        raise NamesSomebody(found, silent=True)
    if not confirmed and (found := [word for word in sorted(names) if _stands(word, text)]):
        raise NamesSomebody(found, in_public=in_public)


def require_discreet(
    row: Case,
    text: str,
    *,
    confirmed: bool = False,
    in_public: bool = False,
    reports: Iterable[Report] | None = None,
    parties: bool = True,
) -> None:
    """Refuse `text` to those whom a decision about `row` affects where it gives away who reported it, or a party (C2).

    Raises GivesAway for an address, and NamesSomebody for the name of a party who did not agree, always; unless
    `confirmed` also NamesSomebody for another name, and GivesAway for what a confidential report says and that they do
    not know already. What was said in public is no secret; what will be read
    `in_public` nobody confirms. `reports` are all those of the case, withdrawn ones included, and `parties` says
    whether it has any, where that is known.
    """
    known = _reports_of(row) if reports is None else reports
    author, secrets = row.subject.author, _Secrets()
    for report in known:
        if not report.by_machine and report.reporter_id != (author.pk if author else None):
            secrets.add_report(report)
    silent: set[str] = set()
    for party in _parties_of(row) if parties else ():
        if party.user is not None and party.user != author:
            secrets.add_person(party.user)
            silent |= _silent(party)
    own = {author.username, author.fullname, author.mail_address} if author else set()
    if addresses := _standing(secrets.addresses - own, text):
        raise GivesAway(addresses=addresses)
    if names := _standing(silent - own, text):
        raise NamesSomebody(names, silent=True)
    if confirmed and not in_public:
        return
    if names := _standing(secrets.names - own, text):
        raise NamesSomebody(names, in_public=in_public)
    if quoted(text, secrets.words) and (quote := quoted(text, secrets.words, _known_to_readers(row))):
        raise GivesAway(quote=quote, in_public=in_public)


def _reports_of(row: Case) -> QuerySet[Report]:
    return Report.objects.filter(case_report__case=row).select_related("reporter__guest", "sender")


def _parties_of(row: Case) -> QuerySet[Party]:
    """Who takes part in a case and did not agree to be named; also whoever left."""
    return Party.objects.filter(case=row, named=False, user__isnull=False).select_related("user__guest")


def _silent(party: Party) -> set[str]:
    """What nobody of us may confirm: the names of a party, but for the owner, whom everybody sees at the thing."""
    if party.role == Party.Role.OWNER or party.user is None:
        return set()
    return {party.user.fullname} | ({party.user.username} if not party.user.is_guest else set())


class _Secrets:
    """What words to others must not hold."""

    def __init__(self) -> None:
        self.addresses: set[str] = set()
        self.names: set[str] = set()
        self.words: list[str] = []

    def add_report(self, report: Report) -> None:
        sender = getattr(report, "sender", None)
        self.addresses.add(report.reporter.mail_address)
        if sender:
            self.addresses.add(sender.contact)
        if not report.confidential:
            return
        self.add_person(report.reporter)
        if sender:
            self.names.add(sender.name)
        self.words += [report.text, *report.links]

    def add_person(self, person: User) -> None:
        self.addresses.add(person.mail_address)
        self.names |= {person.fullname} | ({person.username} if not person.is_guest else set())


def _known_to_readers(row: Case) -> list[str]:
    """What whom it affects knows without us: what they wrote, and what the clauses say; two queries."""
    written = Snapshot.objects.filter(subject=row.subject_id).values_list("title", "text")
    clauses = Report.objects.filter(case_report__case=row).values_list("clause__title", "clause__text").distinct()
    return [*(word for pair in (*written, *clauses) for word in pair), row.subject.name]


def _standing(names: Iterable[str], text: str) -> list[str]:
    lower = text.casefold()
    long_enough = (name for name in names if len(name) >= SHORTEST_NAME and name.casefold() in lower)
    return sorted(name for name in long_enough if _stands(name, text))


def names_in(party: Party, text: str) -> list[str]:
    """Names and addresses of reporters and of other parties that stand in `text`, without those of `party` itself."""
    names, addresses, silent = _words(party.case_id, [party.user] if party.user else [])
    return [word for word in sorted(names | addresses | silent) if _stands(word, text)]


def _words(case: int, readers: Sequence[User]) -> tuple[set[str], set[str], set[str]]:
    """The names and the addresses that `readers` must not learn of, without their own; and names nobody confirms."""
    others = Party.objects.filter(case=case, named=False, user__isnull=False).exclude(user__in=readers)
    parties = list(others.select_related("user__guest"))
    people = [one.user for one in parties if one.user]
    silent = {name for one in parties for name in _silent(one)}
    reports = Report.objects.filter(case_report__case=case, channel__in=Report.BY_PEOPLE)
    reports = reports.exclude(reporter__in=readers).select_related("reporter__guest").order_by("-pk")
    people += [one.reporter for one in reports[:MOST_REPORTERS]]
    senders = Sender.objects.filter(report__case_report__case=case).values_list("name", "contact")
    rows = list(senders[:MOST_REPORTERS])
    names, addresses = {name for name, _contact in rows}, {contact for _name, contact in rows}
    for person in people:
        names |= {person.fullname} | ({person.username} if not person.is_guest else set())
        addresses.add(person.mail_address)
    own = {name for one in readers for name in (one.username, one.fullname, one.mail_address)}
    names, addresses, silent = (
        {one for one in words if len(one) >= SHORTEST_NAME} - own for words in (names, addresses, silent)
    )
    return names, addresses, silent


def _stands(name: str, text: str) -> bool:
    """Whether `name` stands in `text` as a word of its own, in any case."""
    return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text, re.IGNORECASE) is not None
