"""A strict Content-Security-Policy from the first page: no script or style inside a page."""

import pytest

from accounts.actions import write_to

FOR_ALL = [
    "/",
    "/models",
    "/nok",
    "/mekong-lab",
    "/accounts/login/",
    "/accounts/signup/",
    "/accounts/password/reset/",
    "/no/such/thing/at/all",
]
FOR_OWNER = [
    "/inbox",
    "/settings/profile",
    "/settings/tokens",
    "/accounts/email/",
    "/accounts/password/change/",
    "/accounts/logout/",
]


def check(response, read):
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert read(response).inline == []


@pytest.mark.parametrize("path", FOR_ALL)
def test_pages_for_everybody(client, repository, organization, read, path):
    check(client.get(path), read)


@pytest.mark.parametrize("path", FOR_OWNER)
def test_pages_of_an_account(sign_in, owner, read, path):
    check(sign_in(owner).get(path), read)


def test_a_message(sign_in, owner, moderator, read):
    letter = write_to(owner, key="one", subject="Hello", body="<b onclick=x>**Hi**</b>", actor=moderator)
    check(sign_in(owner).get(f"/inbox/{letter.public_id}"), read)


def test_the_new_token(sign_in, owner, read):
    check(sign_in(owner).post("/settings/tokens", {"name": "x", "scope": "read", "days": "30"}), read)
