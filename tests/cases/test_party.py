"""Parties of a case: own threads, and nobody learns from one who is in another (D1, C6)."""

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from accounts.actions import join_organization
from accounts.mail import send_due_mail
from accounts.models import InboxMessage, Namespace
from community.actions import add_comment, open_discussion
from foundation.errors import Forbidden, Refused
from foundation.markdown import render
from moderation.cases.actions import (
    MeasureOrder,
    answer,
    ask,
    ask_owner,
    consent_to_be_named,
    decide,
    invite,
    invite_by_mail,
    leave,
    reply,
)
from moderation.cases.deadlines import act_on_deadlines
from moderation.cases.matter_links import link_for
from moderation.cases.models import Case, Event, Party, PartyMessage
from moderation.cases.naming import NamesSomebody, names_in
from moderation.cases.permissions import require_decide
from moderation.cases.queries import open_to
from moderation.cases.reprioritise import work_through
from moderation.intake.claims import file_claim
from moderation.reports.actions.claims import Particulars
from repositories.actions.move import move_repository
from tests.reports.steps import decided

QUESTION = "What is this model meant for, and who may use it?"


@pytest.fixture
def moderated(report, repository) -> Case:
    return report(repository, "strong-dual-use")


@pytest.fixture
def depicted(moderated, make_user, moderator) -> Party:
    return invite(moderated, role="depicted", person=make_user("ada", fullname="Ada Holm"), actor=moderator)


@pytest.fixture
def parent(moderated, moderator) -> Party:
    """Somebody without an account."""
    return invite_by_mail(
        moderated, role="parent", email="Pim@families.example", name="Pim Sato", language="en", actor=moderator
    )


@pytest.fixture
def asked(moderated, moderator) -> Party:
    """The owner, who was asked."""
    return ask_owner(moderated, text=QUESTION, actor=moderator).party


def address_of(party: Party) -> str:
    return link_for(party, party.user)


def test_the_owner_reads_the_question_and_answers(sign_in, owner, asked, moderated):
    client = sign_in(owner)
    assert f"/matters/{asked.public_id}" in client.get("/matters").content.decode()
    page = client.get(f"/matters/{asked.public_id}").content.decode()
    for words in ("nok/tiny-model", QUESTION, "We wait for your answer until", "Strong dual use"):
        assert words in page
    request_id = re.search(r'name="request_id" value="([^"]+)"', page)[1]
    data = {"do": "answer", "text": "It is for research.", "request_id": request_id}
    for _click in range(2):
        assert client.post(f"/matters/{asked.public_id}", data).status_code == 303
    assert PartyMessage.objects.filter(party=asked, from_team=False).count() == 1
    page = client.get(f"/matters/{asked.public_id}").content.decode()
    assert "We have your answer." in page
    assert "It is for research." in page
    event = Event.objects.get(case=moderated, kind="party.answered")
    assert event.data == {"party": asked.public_id.hex, "role": "owner"}


def test_who_moderates_is_not_said(sign_in, owner, asked, moderator):
    page = sign_in(owner).get(f"/matters/{asked.public_id}").content.decode()
    assert moderator.username not in page
    assert "Ombud" in page


def test_an_empty_answer_is_refused_with_the_form(sign_in, owner, asked):
    answered = sign_in(owner).post(f"/matters/{asked.public_id}", {"do": "answer", "text": " "})
    assert answered.status_code == 422


@pytest.mark.parametrize("name", ["iris", "ada", "mira"])
def test_somebody_elses_matter_is_not_found(client, sign_in, asked, depicted, moderator, make_user, reporter, name):
    person = {"iris": reporter, "ada": depicted.user, "mira": moderator}[name]
    address = f"/matters/{asked.public_id}"
    assert client.get(address).status_code == 302
    assert sign_in(person).get(address).status_code == 404
    assert sign_in(person).post(address, {"do": "answer", "text": "I am not them."}).status_code == 404


def test_matters_are_private_and_work_without_any(sign_in, reporter):
    answered = sign_in(reporter).get("/matters")
    assert "no-store" in answered["Cache-Control"]
    assert "Nothing waits for you" in answered.content.decode()


def test_a_long_thread_is_read_page_by_page(
    sign_in, moderator, moderated, asked, owner, depicted, django_assert_max_num_queries
):
    """All of it, by whoever takes part and by the team, whose reading is an event."""
    PartyMessage.objects.bulk_create(
        PartyMessage(party=asked, author=owner, from_team=False, text=f"Line number {number}.") for number in range(120)
    )
    ask(depicted, text="Is that you?", actor=moderator)
    wanted = {QUESTION, *(f"Line number {number}." for number in range(120))}
    place = f"/cases/{moderated.public_id}/parties/{asked.public_id}/thread"
    doors = [(sign_in(owner), f"/matters/{asked.public_id}"), (sign_in(moderator), moderated.get_absolute_url())]
    for client, address in doors:
        seen, pages, first = "", 0, address
        while address:
            with django_assert_max_num_queries(61 if address == moderated.get_absolute_url() else 14):
                html = client.get(address).content.decode()
            seen, pages = seen + html, pages + 1
            found = re.search(r'href="([^"]*\?after=[^"#]*)[^>]*>What was written before', html)
            address = found[1].replace("&amp;", "&") if found else ""
            if pages == 1 and first == moderated.get_absolute_url():
                assert "Is that you?" in html  # a long thread leaves room to the others
                assert address.startswith(place)
        assert (pages, {words for words in wanted if words not in seen}) == (3, set())
    assert Event.objects.filter(case=moderated, kind="evidence.read", data__what__contains=["thread"]).exists()


def test_queries_do_not_grow_with_matters(
    sign_in, make_user, moderator, report, make_repository, django_assert_max_num_queries
):
    ada = make_user("ada")
    for number in range(4):
        case = report(make_repository(f"model-{number}"), "strong-dual-use")
        party = invite(case, role="depicted", person=ada, actor=moderator)
        ask(party, text=QUESTION, actor=moderator)
    client = sign_in(ada)
    with django_assert_max_num_queries(8):
        assert client.get("/matters").content.decode().count("<li data-row") == 4
    with django_assert_max_num_queries(12):
        client.get(f"/matters/{party.public_id}")


def test_every_admin_of_an_organization_reads_and_answers(
    sign_in, owner, make_user, organization, make_repository, report, moderator
):
    admin, writer = make_user("ruth"), make_user("sam")
    join_organization(admin, organization, role="admin", actor=owner)
    join_organization(writer, organization, role="write", actor=owner)
    case = report(make_repository(owner=organization, actor=owner), "strong-dual-use")
    party = ask_owner(case, text=QUESTION, actor=moderator).party
    assert party.user is None
    assert {one.recipient for one in InboxMessage.objects.filter(subject__startswith="A question")} == {owner, admin}
    answer(party, text="We use it for tests.", actor=admin)
    address = f"/matters/{party.public_id}"
    page = sign_in(owner).get(address).content.decode()
    assert "We use it for tests." in page
    assert "Your side" in page
    assert "ruth" not in page
    assert "ruth" in sign_in(moderator).get(case.get_absolute_url()).content.decode()
    assert address in sign_in(admin).get("/matters").content.decode()
    assert sign_in(writer).get(address).status_code == 404
    with pytest.raises(Forbidden):
        answer(party, text="Me too.", actor=writer)


def test_no_identity_crosses(sign_in, client, moderated, asked, depicted, parent, owner, reporter, moderator):
    """Three parties and a reporter: nothing that one of them sees or gets names another."""
    ask(depicted, text="Did you agree to this?", actor=moderator)
    ask(parent, text="Is your child in the data?", actor=moderator)
    answer(asked, text="The owner’s words.", actor=owner)
    answer(depicted, text="The depicted one’s words.", actor=depicted.user)
    answer(parent, text="The parent’s words.", actor=parent.user)
    for party in (asked, depicted, parent):
        reply(party, text="Thank you.", actor=moderator)
    decide(
        moderated, actor=moderator, version=Case.objects.get(pk=moderated.pk).version, outcome="no_violation",
        explanation="We saw nothing that breaks a rule.",
    )  # fmt: skip
    send_due_mail()
    marks = {
        asked: {"nok", "The owner’s words", asked.public_id.hex, owner.public_id.hex},
        depicted: {"ada", "Ada Holm", "The depicted", depicted.public_id.hex, depicted.user.public_id.hex},
        parent: {"pim", "Pim Sato", "guest-", "The parent’s words", parent.public_id.hex, parent.user.public_id.hex},
    }
    always = {"iris", reporter.public_id.hex, "mira", moderator.public_id.hex}
    for party, own in marks.items():
        others = always.union(*(theirs for other, theirs in marks.items() if other != party))
        reader = client if party == parent else sign_in(party.user)
        seen = [reader.get(address_of(party)).content.decode()]
        if party != parent:
            seen += [reader.get(address).content.decode() for address in ("/matters", "/inbox")]
            seen += [reader.get(f"/inbox/{one.public_id}").content.decode() for one in party.user.inbox.all()]
        to = party.user.mail_address
        letters: list[Any] = [one for one in mail.outbox if one.to == [to]]
        assert len(letters) >= 2
        seen += [f"{one.subject} {one.body} {one.alternatives[0][0]} {one.extra_headers}" for one in letters]
        assert any(mark in "".join(seen) for mark in own)
        # Ids stand in addresses with their hyphens.
        text = re.sub(r"(?<=[0-9a-f])-(?=[0-9a-f]{4})", "", " ".join(seen)).lower()
        found = {mark for mark in others if re.search(rf"(?<!\w){re.escape(mark.lower())}", text)}
        assert found == set()


def test_others_are_their_role_until_they_agree(sign_in, owner, asked, depicted):
    def page() -> str:
        return sign_in(owner).get(f"/matters/{asked.public_id}").content.decode()

    assert "depicted person" in page()
    assert "Ada Holm" not in page()
    sign_in(depicted.user).post(f"/matters/{depicted.public_id}", {"do": "name"})
    assert "Ada Holm" in page()
    consent_to_be_named(depicted, named=False, actor=depicted.user)
    assert "Ada Holm" not in page()


def test_nobody_agrees_for_another(depicted, moderator):
    with pytest.raises(Forbidden):
        consent_to_be_named(depicted, named=True, actor=moderator)


def test_a_private_thing_is_not_named_to_others(sign_in, moderated, depicted, repository):
    repository.visibility = "private"
    repository.save(update_fields=["visibility"])
    page = sign_in(depicted.user).get(f"/matters/{depicted.public_id}").content.decode()
    assert "tiny-model" not in page
    assert "a repository" in page


def test_a_clause_that_is_never_public_is_not_told(sign_in, report, repository, moderator, owner):
    case = report(repository, "published-without-consent")
    party = ask_owner(case, text=QUESTION, actor=moderator).party
    assert "Published without consent" not in sign_in(owner).get(f"/matters/{party.public_id}").content.decode()
    assert "Published without consent" not in InboxMessage.objects.get(link__contains="/matters/").body


@pytest.mark.parametrize("words", ["Did IRIS write to you?", "Ask Ada Holm.", "See pim@families.example."])
def test_a_name_in_our_words_is_found(asked, depicted, parent, words):
    assert names_in(asked, words)


@pytest.mark.parametrize("words", ["An iridescent picture.", "Hello nok, what is it for?", "Adapt the card."])
def test_other_words_are_no_names(asked, depicted, parent, words):
    assert names_in(asked, words) == []


def test_the_form_asks_before_it_sends_a_name(sign_in, moderator, moderated, asked, depicted, reporter):
    import uuid

    client = sign_in(moderator)
    address = f"/cases/{moderated.public_id}/parties/{asked.public_id}"
    data = {"do": "ask", "text": "Do you know iris?", "request_id": str(uuid.uuid4())}
    refused = client.post(address, data)
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "Do you know iris?" in page
    assert 'name="naming"' in page
    assert client.post(address, {**data, "naming": "on"}).status_code == 303
    assert asked.messages.count() == 2


def test_a_guest_reads_and_answers_by_the_link(client, parent, moderator, pass_time):
    ask(parent, text="Is your child in the data?", actor=moderator)
    address = InboxMessage.objects.filter(recipient=parent.user).latest("pk").link
    shown = client.get(address)
    assert shown["Referrer-Policy"] == "no-referrer"
    assert "Is your child in the data?" in shown.content.decode()
    assert PartyMessage.objects.filter(from_team=False).count() == 0  # reading does nothing
    request_id = re.search(r'name="request_id" value="([^"]+)"', shown.content.decode())[1]
    assert client.post(address, {"do": "answer", "text": "Yes.", "request_id": request_id}).status_code == 303
    assert parent.messages.filter(author=parent.user).count() == 1
    pass_time(timedelta(days=31))
    assert client.get(address).status_code == 404


def test_a_guest_answers_from_a_browser_that_sends_no_origin(parent, moderator):
    """What a page without a referrer sends with its forms: `Origin: null`."""
    browser = Client(enforce_csrf_checks=True, headers={"origin": "null"})
    ask(parent, text="Is your child in the data?", actor=moderator)
    address = InboxMessage.objects.filter(recipient=parent.user).latest("pk").link
    request_id = re.search(r'name="request_id" value="([^"]+)"', browser.get(address).content.decode())[1]
    assert browser.post(address, {"do": "answer", "text": "Yes.", "request_id": request_id}).status_code == 303
    assert parent.messages.filter(author=parent.user).count() == 1


def test_a_link_is_bound(client, parent, depicted, asked):
    address = address_of(parent)
    assert client.get(address).status_code == 200
    token = address.rpartition("/")[2]
    assert client.get(f"/matters/{depicted.public_id}/by-mail/{token}").status_code == 404
    assert client.get(address[:-2]).status_code == 404
    parent.user.guest.email = "somebody@else.example"
    parent.user.guest.save()
    assert client.get(address).status_code == 404


def test_leaving_ends_the_link_and_the_waiting(client, parent, moderator, moderated):
    ask(parent, text="Is your child in the data?", actor=moderator)
    address = address_of(parent)
    assert client.post(address, {"do": "leave"}).status_code == 303
    assert client.get(address).status_code == 404
    moderated.refresh_from_db()
    assert moderated.parked == ""
    with pytest.raises(Refused, match="left the case"):
        ask(parent, text="One more thing?", actor=moderator)


def test_the_owner_cannot_leave(asked, owner):
    with pytest.raises(Refused, match="remains a party"):
        leave(asked, actor=owner)


def test_who_takes_part_neither_sees_nor_decides_the_case(moderated, moderator, other_moderator):
    invite(moderated, role="depicted", person=other_moderator, actor=moderator)
    assert not open_to(Case.objects.all(), other_moderator).exists()
    with pytest.raises(Forbidden):
        require_decide(moderated, other_moderator)


def test_only_moderators_without_a_stake_write_to_parties(moderated, reporter, make_user):
    with pytest.raises(Forbidden):
        ask_owner(moderated, text=QUESTION, actor=reporter)
    with pytest.raises(Forbidden):
        invite(moderated, role="depicted", person=make_user("ada"), actor=reporter)


def test_nobody_answers_when_it_is_decided(moderated, asked, owner, moderator, clause):
    decide(
        moderated, actor=moderator, version=Case.objects.get(pk=moderated.pk).version, outcome="violation",
        clause=clause("strong-dual-use"), measures=[MeasureOrder("nfaa")], explanation="It needs a warning.",
    )  # fmt: skip
    with pytest.raises(Refused, match="decided meanwhile"):
        answer(asked, text="Wait, please.", actor=owner)


def test_parties_hear_the_outcome_once(moderated, asked, depicted, owner, moderator, reporter):
    decide(
        moderated, actor=moderator, version=Case.objects.get(pk=moderated.pk).version, outcome="no_violation",
        explanation="We saw nothing that breaks a rule.",
    )  # fmt: skip
    told = InboxMessage.objects.filter(key__startswith="matter-decided").values_list("recipient__username", flat=True)
    assert sorted(told) == ["ada", "nok"]


def test_too_much_in_an_hour_is_refused(sign_in, owner, asked):
    import uuid

    client = sign_in(owner)
    PartyMessage.objects.bulk_create(
        PartyMessage(party=asked, author=owner, from_team=False, text=f"Word {number}") for number in range(30)
    )
    data = {"do": "answer", "text": "And more.", "request_id": str(uuid.uuid4())}
    assert client.post(f"/matters/{asked.public_id}", data).status_code == 429


def test_the_team_invites_from_the_page(sign_in, moderator, moderated, make_user):
    make_user("ada")
    client = sign_in(moderator)
    address = f"/cases/{moderated.public_id}/parties"
    assert client.post(address, {"role": "depicted", "who": "@Ada"}).status_code == 303
    assert client.post(address, {"role": "parent", "who": "pim@families.example", "language": "th"}).status_code == 303
    assert client.post(address, {"role": "parent", "who": "nobody-here"}).status_code == 422
    assert client.post(address, {"role": "owner", "who": "ada"}).status_code == 422
    assert {party.role for party in moderated.parties.all()} == {"depicted", "parent"}
    assert moderated.parties.get(role="parent").user.language == "th"


def test_the_owner_is_not_invited(moderated, owner, moderator):
    with pytest.raises(Refused, match="by being asked"):
        invite(moderated, role="depicted", person=owner, actor=moderator)


@pytest.mark.parametrize(
    "what", ["owner", "parties", "notes", "hand-over", "snooze", "wake", "reopen", "track", "links"]
)
def test_the_verbs_are_for_the_team(client, sign_in, reporter, moderated, what):
    address = f"/cases/{moderated.public_id}/{what}"
    assert client.post(address).status_code == 302
    assert sign_in(reporter).post(address).status_code == 404
    assert sign_in(reporter).get(address).status_code in (404, 405)


def test_the_page_warns_before_a_name(asked, depicted, moderator):
    with pytest.raises(NamesSomebody):
        ask(asked, text="Ada Holm says no.", actor=moderator)


def test_whoever_left_and_is_invited_again_begins_anew(depicted, moderated, moderator):
    ada = depicted.user
    consent_to_be_named(depicted, named=True, actor=ada)
    ask(depicted, text="Did you agree to this?", actor=moderator)
    leave(depicted, actor=ada)
    letters = InboxMessage.objects.filter(recipient=ada, subject="Something that concerns you")
    assert letters.count() == 1
    again = invite(moderated, role="other", person=ada, actor=moderator)
    assert (again.pk, again.role, again.named, again.asked_at) == (depicted.pk, "other", False, None)
    assert letters.count() == 2


def test_nobody_waits_for_whoever_left(depicted, moderator, pass_time):
    ask(depicted, text="Did you agree to this?", actor=moderator)
    leave(depicted, actor=depicted.user)
    pass_time(timedelta(hours=80))
    act_on_deadlines()
    assert not Event.objects.filter(kind="window.ended").exists()


def test_the_thread_of_an_organization_goes_with_what_moves_to_a_person(
    organization, make_repository, report, moderator, owner, sign_in
):
    repository = make_repository("shared", owner=organization)
    party = ask_owner(report(repository, "strong-dual-use"), text=QUESTION, actor=moderator).party
    move_repository(repository, namespace=Namespace.objects.get(user=owner), name="mine", actor=owner)
    work_through()
    answer(Party.objects.get(pk=party.pk), text="It is meant for birds alone.", actor=owner)
    assert QUESTION in sign_in(owner).get(f"/matters/{party.public_id}").content.decode()


def test_a_party_does_not_find_the_case_on_the_page_of_its_author(report, comment, moderator, other_moderator, sign_in):
    case = report(comment)
    invite(case, role="depicted", person=other_moderator, actor=moderator)
    page = sign_in(other_moderator).get(f"/cases/people/{comment.author.public_id}")
    assert page.status_code == 200
    assert str(case.public_id) not in page.content.decode()


EVIL = "[Sign in here](https://evil.example)\n\n# Your account is locked"


def test_a_letter_of_ours_holds_no_link_of_strangers(repository, report, moderator, make_user, clause):
    place = open_discussion(
        repository, title="[Sign in here](https://evil.example)", text="Hello", actor=make_user("eve")
    )
    author = make_user("ben")
    case = report(add_comment(place, text="You are all idiots.", actor=author))
    party = ask_owner(case, text="What did you mean by that?", actor=moderator).party
    reply(party, text="That is all we wanted to know.", actor=moderator, closes=True)
    decided(case, moderator, "friendly_warning")
    letters = InboxMessage.objects.filter(recipient=author)
    assert letters.count() == 3
    for letter in letters:
        assert "Sign in here" in letter.body
        assert 'href="https://evil.example"' not in render(letter.body)


def test_nor_does_the_letter_about_a_claim(repository, reporter, owner, moderator):
    particulars = Particulars(right="copyright", work="My novel “The long way”", name=EVIL)
    claim = file_claim(repository, particulars, request_id=uuid.uuid4(), actor=reporter)
    decided(Case.objects.get(case_reports__report=claim), moderator, "disable", clause="third-party-rights")
    letter = InboxMessage.objects.get(recipient=owner, key__startswith="claim:")
    assert "<h" not in render(letter.body)
    assert 'href="https://evil.example"' not in render(letter.body)
