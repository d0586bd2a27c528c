"""The inbox by API: one's own letters, newest first, and what was read (G1, K1)."""

import uuid

import pytest

from accounts.actions import write_to
from accounts.models import InboxMessage
from foundation.api import KeysetPagination
from tests.api.conftest import code

URL = "/api/v1/inbox"


@pytest.fixture
def letters(owner, moderator):
    """Three letters to the owner, the first one written first."""
    said = {"body": "It **stays**.", "link": "/policy", "link_label": "The policy", "actor": moderator}
    return [write_to(owner, key=str(number), subject=f"Letter {number}", **said) for number in range(3)]


def test_newest_first_without_their_words(program, owner, letters):
    shown = program(owner, "read").get(URL).json()
    assert shown["next"] is None
    assert [one["id"] for one in shown["results"]] == [str(one.public_id) for one in reversed(letters)]
    newest = shown["results"][0]
    assert newest.keys() == {"id", "subject", "link", "link_label", "created_at", "read_at"}
    assert (newest["link"], newest["link_label"], newest["read_at"]) == (
        "http://testserver/policy", "The policy", None,
    )  # fmt: skip


def test_others_are_the_same_404_as_nobodys(program, owner, reporter, moderator, letters):
    for person, scope in ((reporter, "write"), (moderator, "moderate")):
        client = program(person, scope)
        assert client.get(URL).json()["results"] == []
        for of, method in (("", client.get), ("/read", client.post)):
            theirs = method(f"{URL}/{letters[0].public_id}{of}")
            missing = method(f"{URL}/{uuid.uuid4()}{of}")
            assert theirs.status_code == missing.status_code == 404
            assert theirs.json() == missing.json()
    assert not InboxMessage.objects.exclude(read_at=None).exists()


def test_one_letter_is_read_only_when_said(program, owner, letters):
    client = program(owner)
    address = f"{URL}/{letters[1].public_id}"
    shown = client.get(address).json()
    assert (shown["subject"], shown["body"], shown["read_at"]) == ("Letter 1", "It **stays**.", None)
    first = client.post(f"{address}/read")
    assert first.status_code == 200
    assert first.json()["read_at"]
    assert client.post(f"{address}/read").json() == first.json() == client.get(address).json()
    letter = InboxMessage.objects.get(pk=letters[1].pk)
    assert letter.read_through == InboxMessage.Through.API


def test_unread_ones(program, owner, letters):
    client = program(owner)
    client.post(f"{URL}/{letters[1].public_id}/read")
    for asked, count in (("true", 2), ("1", 2), ("false", 3), ("0", 3)):
        assert len(client.get(f"{URL}?unread={asked}").json()["results"]) == count
    assert client.get(f"{URL}?unread=maybe").status_code == 400


def test_pages(program, owner, letters, monkeypatch):
    monkeypatch.setattr(KeysetPagination, "size", 2)
    client = program(owner)
    first = client.get(f"{URL}?unread=true").json()
    second = client.get(first["next"]).json()
    assert [one["subject"] for one in (*first["results"], *second["results"])] == ["Letter 2", "Letter 1", "Letter 0"]
    assert second["next"] is None
    assert client.get(f"{URL}?after=W10").status_code == 400


def test_who_may(program, client, owner, letters):
    address = f"{URL}/{letters[0].public_id}/read"
    assert client.get(URL).status_code == 401
    refused = program(owner, "read").post(address)
    assert (refused.status_code, code(refused)) == (403, "permission_denied")


def test_queries(program, owner, letters, django_assert_num_queries):
    client = program(owner)
    with django_assert_num_queries(2):  # the token, the list
        client.get(URL)
    with django_assert_num_queries(4):  # the token, the letter, the change, the letter again
        client.post(f"{URL}/{letters[0].public_id}/read")


def test_a_page_counts_as_opened_there(sign_in, owner, letters):
    sign_in(owner).get(f"/inbox/{letters[0].public_id}")
    assert InboxMessage.objects.get(pk=letters[0].pk).read_through == InboxMessage.Through.PAGE
