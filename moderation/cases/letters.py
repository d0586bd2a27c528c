"""What parties are written: into their inbox, and by mail (D1, G1). Everything they may know comes from matters.py."""

from collections.abc import Sequence
from datetime import datetime

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.actions import write_to
from accounts.models import User
from accounts.zones import zone_of
from foundation.markdown import literal
from foundation.templatetags.foundation import exact
from moderation.cases.matter_links import link_for
from moderation.cases.matters import clause_for, what_for
from moderation.cases.models import Case, Decision, Party, PartyMessage
from moderation.cases.related import people_of
from moderation.reports.models import Report
from moderation.sanctions.models import Measure
from repositories.asked import how_to


def write_question(message: PartyMessage, until: datetime, *, actor: User) -> None:
    """Everybody of the party reads our question, and until when we wait for the answer (D2)."""
    party = message.party
    for person in people_of(party):
        with translation.override(person.language), timezone.override(zone_of(person)):
            parts = [
                _("We look at %(what)s and would like to hear from you before we decide.") % {"what": _what(party)},
                _quoted(message.text),
                _about(party),
                _("You have until %(moment)s to answer. The time stands still while you wait for us. If we hear "
                  "nothing, we decide without you.") % {"moment": exact(until)},
            ]  # fmt: skip
            _write(message, person, _("A question about %(what)s") % {"what": what_for(party)}, parts, actor)


def write_requests(message: PartyMessage, made: Sequence[Measure], until: datetime, *, actor: User) -> None:
    """Everybody of the owner's side reads what we ask them to do, how, and by when; it is in public too or not (E1)."""
    party = message.party
    for person in people_of(party):
        with translation.override(person.language), timezone.override(zone_of(person)):
            parts = [
                _("We look at %(what)s and ask you to do this before we decide:") % {"what": _what(party)},
                "\n".join(f"- {how_to(one.until_done)}" for one in made),
                _quoted(message.text),
                _about(party),
                _("You have until %(moment)s. We notice by ourselves when it is done; nothing is restricted meanwhile. "
                  "If you cannot do it, or think that it is wrong, answer us.") % {"moment": exact(until)},
            ]  # fmt: skip
            if any(one.discussion is not None for one in made):
                parts.append(_("We ask for it in public too, in the community tab of the repository."))
            _write(message, person, _("A request about %(what)s") % {"what": what_for(party)}, parts, actor)


def write_reply(message: PartyMessage, until: datetime | None, *, actor: User) -> None:
    """Everybody of the party reads what we replied; `until` is when their time ends, None when nothing is asked."""
    party = message.party
    for person in people_of(party):
        with translation.override(person.language), timezone.override(zone_of(person)):
            ends = _("Your time to answer runs again, until %(moment)s.")
            parts = [
                _("We replied to you about %(what)s.") % {"what": _what(party)},
                _quoted(message.text),
                ends % {"moment": exact(until)} if until else _("You need not answer."),
            ]
            _write(message, person, _("Our reply about %(what)s") % {"what": what_for(party)}, parts, actor)


def write_invitation(party: Party, number: int, *, actor: User) -> None:
    """Somebody whom a case concerns learns that there is a thread for them, and what it is not.

    `number` is that of the event: whoever left and is invited again gets another letter, with a link that holds.
    """
    for person in people_of(party):
        with translation.override(person.language), timezone.override(zone_of(person)):
            body = [
                _("We look at %(what)s. It concerns you, and what you tell us counts when we decide.")
                % {"what": _what(party)},
                _about(party),
                _("Only our team reads what you write there. Nobody else learns that we wrote to you."),
            ]
            write_to(
                person,
                key=f"matter:{party.public_id}:{number}",
                subject=_("Something that concerns you"),
                body="\n\n".join(part for part in body if part),
                link=link_for(party, person),
                link_label=_("Read and answer"),
                actor=actor,
            )


def write_outcome(row: Case, at: datetime, outcome: str, *, actor: User) -> None:
    """The parties of a case that was decided at `at` hear what became of it (G1).

    Not those who hear it anyway: reporters, and the owner whom a measure affects.
    """
    parties = list(row.parties.filter(left_at=None).select_related("user").order_by("pk"))
    if not parties:
        return
    told = set(Report.objects.filter(case_report__case=row).values_list("reporter", flat=True))
    decision = Decision.objects.filter(case=row).select_related("policy_version").order_by("-pk")[:1].get()
    upheld = outcome == Decision.Outcome.VIOLATION
    for party in parties:
        if party.user_id in told or (upheld and party.role == Party.Role.OWNER):
            continue
        for person in people_of(party):
            with translation.override(person.language), timezone.override(zone_of(person)):
                words = (
                    _("We decided about %(what)s and took action. Thank you for what you told us.")
                    if upheld
                    else _("We decided about %(what)s: it does not break our rules, and nothing changes by it.")
                )
                contest = _("If you think that we are wrong, you can contest it until %(moment)s.")
                parts = [words % {"what": _what(party)}]
                if party.role != Party.Role.OWNER:
                    parts.append(contest % {"moment": exact(at + decision.policy_version.contest_within)})
                write_to(
                    person,
                    key=f"matter-decided:{party.public_id}:{at.isoformat()}",
                    subject=_("We decided about %(what)s") % {"what": what_for(party)},
                    body="\n\n".join(parts),
                    link=link_for(party, person),
                    link_label=_("Read it again"),
                    actor=actor,
                )


def _write(message: PartyMessage, person: User, subject: str, parts: list[str], actor: User) -> None:
    write_to(
        person,
        key=f"matter-message:{message.public_id}",
        subject=subject,
        body="\n\n".join(part for part in parts if part),
        link=link_for(message.party, person),
        link_label=_("Read and answer"),
        actor=actor,
    )


def _what(party: Party) -> str:
    """What it is about, inside of a letter: titles are written by others than we."""
    return literal(what_for(party))


def _about(party: Party) -> str:
    clause = clause_for(party)
    return _("It may fall under the clause “%(clause)s” of our policy.") % {"clause": clause} if clause else ""


def _quoted(text: str) -> str:
    return "> " + text.replace("\n", "\n> ")
