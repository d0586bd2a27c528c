"""Notes that only the team reads, and mentions in them (D4)."""

import uuid

import pytest

from accounts.actions import join_organization
from accounts.models import InboxMessage
from foundation.errors import Forbidden
from moderation.cases.actions import add_note, claim, decide
from moderation.cases.models import Event


def test_it_stands_in_the_timeline_and_stales_nothing(sign_in, case, moderator, other_moderator):
    version = case.version
    add_note(case, text="Looks like the one from May.", actor=other_moderator)
    page = sign_in(moderator).get(case.get_absolute_url()).content.decode()
    assert page.count("Looks like the one from May.") == 2
    claim(case, actor=moderator)
    decide(case, actor=moderator, version=version, outcome="no_violation", explanation="It is a joke among friends.")


def test_its_words_are_sealed_beside_the_event(case, moderator):
    add_note(case, text="Looks like the one from May.", actor=moderator)
    event = Event.objects.get(kind="note.added")
    assert "May" not in str(event.data)
    assert b"May" not in bytes(event.sealed.ciphertext)


def test_a_mention_tells_those_of_the_team_who_may_see_the_case(case, moderator, other_moderator, reporter):
    told = add_note(case, text="@Tomas, @iris and @nobody: please look. mail@tomas.example", actor=moderator)
    assert told == [other_moderator]
    message = InboxMessage.objects.get(recipient=other_moderator)
    assert message.link == case.get_absolute_url()
    assert "please look" not in message.body
    assert not InboxMessage.objects.filter(recipient=reporter).exists()


def test_nobody_is_told_of_a_case_about_themselves(
    report, make_repository, organization, owner, moderator, other_moderator
):
    join_organization(other_moderator, organization, role="read", actor=owner)
    case = report(make_repository(owner=organization, actor=owner), "spam")
    assert add_note(case, text="@tomas knows them.", actor=moderator) == []


def test_a_form_sent_twice_is_one_note(sign_in, case, moderator):
    client, data = sign_in(moderator), {"text": "Once.", "request_id": str(uuid.uuid4())}
    for _click in range(2):
        assert client.post(f"/cases/{case.public_id}/notes", data).status_code == 303
    assert Event.objects.filter(kind="note.added").count() == 1


def test_an_empty_one_is_refused(sign_in, case, moderator):
    data = {"text": "  ", "request_id": str(uuid.uuid4())}
    assert sign_in(moderator).post(f"/cases/{case.public_id}/notes", data).status_code == 422


def test_only_the_team_writes(case, reporter):
    with pytest.raises(Forbidden):
        add_note(case, text="Me too.", actor=reporter)
