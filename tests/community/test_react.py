"""Reacting to a comment (B1)."""

import re

import pytest

from accounts.queries import system_actor
from community.actions import hide, react, set_locked
from community.models import Reaction

PAGE = "/nok/tiny-model/discussions/1"


@pytest.fixture
def address(comment):
    return f"{PAGE}/comments/{comment.public_id}/react"


def button(page, kind):
    """The button of a kind that people reacted with, as (name, pressed, label)."""
    found = re.search(rf'name="(\w+)" value="{kind}" aria-pressed="(\w+)" aria-label="([^"]+)"', page.content.decode())
    return found.groups() if found else None


def test_person_reacts_and_takes_it_back(sign_in, reporter, comment, address):
    client = sign_in(reporter)
    response = client.post(address, {"react": "heart"})
    assert (response.status_code, response["Location"]) == (303, comment.get_absolute_url())
    assert button(client.get(PAGE), "heart") == ("take_back", "true", "1 person: heart. Take yours back")
    client.post(address, {"take_back": "heart"})
    assert button(client.get(PAGE), "heart") is None


def test_everybody_sees_the_counts(client, sign_in, comment, owner, reporter, author):
    for person in (owner, reporter):
        react(comment, "rocket", actor=person)
    assert 'aria-label="2 people: rocket"' in client.get(PAGE).content.decode()
    assert 'name="react"' not in client.get(PAGE).content.decode()
    assert button(sign_in(author).get(PAGE), "rocket") == ("react", "false", "2 people: rocket. Add yours")


def test_twice_is_once(sign_in, reporter, address):
    client = sign_in(reporter)
    for _time in range(2):
        client.post(address, {"react": "heart"})
    assert Reaction.objects.count() == 1


def test_htmx_gets_the_row_with_what_was_touched(sign_in, reporter, address):
    client = sign_in(reporter)
    added = client.post(address, {"react": "eyes"}, headers={"HX-Request": "true"})
    assert "<html" not in added.content.decode()
    assert button(added, "eyes") == ("take_back", "true", "1 person: eyes. Take yours back")
    gone = client.post(address, {"take_back": "eyes"}, headers={"HX-Request": "true"})
    assert button(gone, "eyes") == ("react", "false", "0 people: eyes. Add yours")
    assert gone.content.decode().count("autofocus") == 1


@pytest.mark.parametrize("values", [{}, {"react": "poop"}, {"take_back": "poop"}, {"take_back": "\x00"}])
def test_forged_reaction(sign_in, reporter, address, values):
    assert sign_in(reporter).post(address, values).status_code == 400


def test_not_to_what_is_hidden(sign_in, owner, reporter, comment, address):
    react(comment, "heart", actor=reporter)
    hide(comment, category="spam", actor=owner)
    assert sign_in(reporter).post(address, {"react": "eyes"}).status_code == 409
    assert 'value="heart" aria-pressed' not in sign_in(reporter).get(PAGE).content.decode()


def test_not_while_locked_but_back_it_goes(sign_in, moderator, reporter, comment, address):
    react(comment, "heart", actor=reporter)
    set_locked(comment.discussion, True, actor=system_actor())
    client = sign_in(reporter)
    assert client.post(address, {"react": "eyes"}).status_code == 403
    assert client.post(address, {"take_back": "heart"}).status_code == 303
    assert not Reaction.objects.exists()


def test_visitor_signs_in_and_comes_back_to_the_comment(client, comment, address):
    there = address.removesuffix("/react")
    assert client.post(address, {"react": "heart"})["Location"] == f"/accounts/login/?next={there}"
    assert client.get(there)["Location"] == comment.get_absolute_url()
