"""Finding the clause by plain questions instead of by its name (C1, J5).

First what it is about, then which of these it is: words that a child of twelve understands, each leading to one clause.
A clause may be found in several ways. One that no question names, such as an administrator's, is found under
“Something else” by its own title. Words are translated where they are shown.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_noop as _

from moderation.policy.models import Clause

REPOSITORY = ("repository",)
# What is written into community tabs can show things, but is no artifact that somebody could use.
SHOWN = ("repository", "discussion", "comment")
SOMETHING_ELSE = "other"


@dataclass(frozen=True)
class Answer:
    """One thing that may be wrong, in plain words, and the code of its clause; empty `kinds` are all."""

    words: str
    clause: str
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    """What a report may be about, with the answers that lead to a clause."""

    code: str
    words: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Found:
    """An answer with the clause it leads to."""

    words: str
    clause: Clause


@dataclass(frozen=True)
class Asked:
    """A question as it is asked about one kind of subject."""

    code: str
    words: str
    answers: Sequence[Found]


QUESTIONS = (
    Question("people", _("It hurts, threatens or insults people"), (
        Answer(_("Somebody insults, threatens or follows somebody"), "harassment"),
        Answer(_("It says that people are worth less for where they come from, what they believe, how they live or "
                 "whom they love"), "hate-speech"),
        Answer(_("Somebody may hurt or kill themselves, or is told to do it"), "self-harm"),
        Answer(_("It praises violence, or enjoys that somebody suffers"), "glorifying-violence"),
        Answer(_("It tells lies about somebody that damage their name"), "defamation"),
        Answer(_("Somebody is unkind or disturbs the others"), "code-of-conduct"),
    )),
    Question("privacy", _("It shows something private, or uses somebody who did not agree"), (
        Answer(_("It tells private things about somebody, or shows passwords or keys"), "privacy-leaked-secrets"),
        Answer(_("It uses pictures, voices, texts or data of people who did not agree"), "published-without-consent"),
        Answer(_("It shows somebody in a sexual way who did not agree"), "non-consensual-sexual-content"),
    )),
    Question("children", _("It is about children"), (
        Answer(_("It shows or describes children in a sexual way"), "minors-sexual-content"),
        Answer(_("It holds names, pictures or other data of children under 13"), "children-data"),
    )),
    Question("audience", _("It shows sex, violence or insults that nobody asked to see"), (
        Answer(_("It shows sexual things, and nothing warns of it"), "unrequested-sexual-content"),
        Answer(_("It shows violence, and nothing warns of it"), "unrequested-violent-content"),
        Answer(_("It insults people or is full of insults, and its page does not say so"), "toxic-speech-artifacts",
               REPOSITORY),
        Answer(_("It shows somebody in a sexual way who did not agree"), "non-consensual-sexual-content"),
        Answer(_("It shows or describes children in a sexual way"), "minors-sexual-content"),
    )),
    Question("deception", _("It tricks people, advertises or tells lies"), (
        Answer(_("It advertises something, or says the same thing again and again"), "spam"),
        Answer(_("It tries to get money, passwords or data by a trick"), "fraud-phishing"),
        Answer(_("Somebody pretends to be somebody else, or to be many people"), "inauthentic-behaviour"),
        Answer(_("It spreads lies about things that matter to everybody, such as elections or illnesses"),
               "disinformation"),
        Answer(_("It sells money or investments that are forbidden or do not exist"), "unlawful-currencies"),
        Answer(_("It sells medicine that does not work or is not allowed"), "pseudo-pharmaceuticals"),
        Answer(_("It advertises games for money, or sells the work of others as its own"), "gambling-plagiarism"),
    )),
    Question("danger", _("It harms computers, or helps to do dangerous things"), (
        Answer(_("It holds a virus, or something that harms whoever opens it"), "malware", SHOWN),
        Answer(_("It was made to break into computers or to damage them"), "attack-code", SHOWN),
        Answer(_("It helps people to make or to get weapons"), "weapons"),
        Answer(_("It can do a lot of good, but also grave harm, and says nothing about that"), "strong-dual-use",
               REPOSITORY),
        Answer(_("It is allowed for some people or in some countries only, but everybody gets it"),
               "sharing-dependent-legality", REPOSITORY),
        Answer(_("It uses the computers of others to make money for itself"), "cryptomining", REPOSITORY),
        Answer(_("It was made to get around the limits of a service"), "restriction-proxies", REPOSITORY),
    )),
    Question("rights", _("It uses what belongs to somebody else"), (
        Answer(_("It uses my work, my brand or my invention, or that of somebody I speak for"), "third-party-rights"),
        Answer(_("It does not keep to the license of what it is built from"), "license-violation", REPOSITORY),
        Answer(_("It passes the work of others off as its own"), "gambling-plagiarism"),
    )),
    Question(SOMETHING_ELSE, _("Something else"), (
        Answer(_("It hurts people or breaks a law in a way that is not named here"), "harms-others"),
        Answer(_("Nothing of this fits, but you should look at it"), "not-on-the-list"),
    )),
)  # fmt: skip


def asked_about(kind: str, clauses: Iterable[Clause]) -> list[Asked]:
    """The questions about a subject of `kind`, with the answers whose clause is among `clauses`; none without answers.

    A clause that no answer names comes under “Something else”, for every kind.
    """
    known = {clause.code: clause for clause in clauses}
    named = {answer.clause for question in QUESTIONS for answer in question.answers}
    found = []
    for question in QUESTIONS:
        fitting = [one for one in question.answers if one.clause in known and (not one.kinds or kind in one.kinds)]
        answers = [Found(one.words, known[one.clause]) for one in fitting]
        if question.code == SOMETHING_ELSE:
            more = [clause for code, clause in known.items() if code not in named]
            answers[-1:-1] = [Found(clause.title, clause) for clause in more]
        if answers:
            found.append(Asked(question.code, question.words, answers))
    return found
