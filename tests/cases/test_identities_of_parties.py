"""No identity crosses from one party to another without consent, by any letter or page, whoever confirms it (D1)."""

import pytest

from accounts.models import InboxMessage
from community.models import Comment, Discussion
from moderation.cases.actions import MeasureOrder, ask, ask_owner, decide, invite, leave, lift_measure
from moderation.cases.actions.threads import answer
from moderation.cases.actions.undo import undo_decision
from moderation.cases.models import Case, Party
from moderation.cases.naming import NamesSomebody
from moderation.sanctions.models import StatementOfReasons

# Each a word that stands nowhere else.
NAMES = {"depicted": ("canarylena", "Lena Canary"), "rights_holder": ("canaryvik", "Vik Canary")}
WORDS = "It shows a person who did not agree to that."


@pytest.fixture
def people(make_user):
    return {role: make_user(name, fullname=fullname) for role, (name, fullname) in NAMES.items()}


@pytest.fixture
def parties(report, repository, moderator, people, clause):
    case = report(repository, "published-without-consent")
    return {role: invite(case, role=role, person=person, actor=moderator) for role, person in people.items()}


@pytest.fixture
def told_case(parties):
    return Case.objects.get()


def conclude(case: Case, moderator, clause, words: str, **more):
    case.refresh_from_db()
    return decide(
        case, actor=moderator, version=case.version, outcome="violation", clause=clause("published-without-consent"),
        measures=[MeasureOrder("nfaa")], explanation=words, **more,
    )  # fmt: skip


@pytest.mark.parametrize("role", NAMES)
@pytest.mark.parametrize("which", [0, 1], ids=["username", "full name"])
@pytest.mark.parametrize("left", [False, True], ids=["there", "left"])
def test_no_decision_names_a_party_that_did_not_agree(told_case, parties, moderator, clause, role, which, left):
    if left:
        for party in parties.values():
            leave(party, actor=moderator)
    for naming in (False, True):
        with pytest.raises(NamesSomebody) as refusal:
            conclude(told_case, moderator, clause, f"{NAMES[role][which]} did not agree to it.", naming=naming)
        assert not refusal.value.confirmable


def test_with_their_consent_it_may(told_case, parties, moderator, clause):
    Party.objects.filter(role="depicted").update(named=True)
    assert conclude(told_case, moderator, clause, "Lena Canary did not agree to it.").measures.exists()


def test_no_undo_and_no_lifting_names_them(told_case, parties, moderator, clause):
    decision = conclude(told_case, moderator, clause, WORDS)
    told = {"reason": "Lena Canary agreed after all.", "actor": moderator}
    for naming in (False, True):
        with pytest.raises(NamesSomebody):
            lift_measure(decision.measures.get(), naming=naming, **told)
        with pytest.raises(NamesSomebody):
            undo_decision(decision, naming=naming, **told)


def test_no_question_names_another_party(told_case, parties, moderator):
    for send in (
        lambda naming: ask_owner(told_case, text="Do you know Vik Canary?", naming=naming, actor=moderator),
        lambda naming: ask(parties["depicted"], text="Do you know canaryvik?", naming=naming, actor=moderator),
    ):
        for naming in (False, True):
            with pytest.raises(NamesSomebody):
                send(naming)
    assert ask(parties["depicted"], text="Is it you, Lena Canary?", actor=moderator)  # one's own name


def test_a_whole_case_tells_nobody_of_another(
    sign_in, told_case, parties, people, owner, reporter, moderator, clause, repository
):
    """Everything that is written while parties are asked, answer, and hear the end of it, by those who read it."""
    for party in parties.values():
        ask(party, text="Did you agree to this?", actor=moderator)
        answer(party, text="I never agreed, and my lawyer knows.", actor=party.user)
    ask_owner(told_case, text="Did they agree?", actor=moderator)
    decision = conclude(told_case, moderator, clause, WORDS, override="It cannot wait.")
    undo_decision(decision, reason="We have to read it again.", actor=moderator)
    readers = {owner: set(), reporter: set(), **{people[role]: set(NAMES[role]) for role in NAMES}}
    for reader, own in readers.items():
        client = sign_in(reader)
        seen = [one.subject + one.body for one in InboxMessage.objects.filter(recipient=reader)]
        seen += [one.facts for one in StatementOfReasons.objects.filter(recipient=reader)]
        seen += [client.get(one.link).content.decode() for one in InboxMessage.objects.filter(recipient=reader)]
        seen += [client.get(place, follow=True).content.decode() for place in ("/matters", "/standing", "/inbox")]
        for name in {name for names in NAMES.values() for name in names} - own:
            assert not [text for text in seen if name in text], (reader, name)
    public = [*Discussion.objects.values_list("title", flat=True), *Comment.objects.values_list("text", flat=True)]
    public.append(sign_in(owner).get(repository.get_absolute_url()).content.decode())
    assert not [text for text in public if "anary" in text]
