"""Revoking a token: what still uses it is refused from now on."""

import pytest

from accounts.actions import create_token, revoke_token
from accounts.authentication import find_token
from accounts.models import Token
from foundation.errors import Forbidden


@pytest.fixture
def secret(owner):
    return create_token(owner, scope="write", actor=owner, name="my script")


def test_revoked_token_opens_nothing(sign_in, owner, secret):
    token = Token.objects.get()
    answer = sign_in(owner).post("/settings/tokens/revoke", {"token": token.digest}, follow=True)
    assert "The token is revoked" in answer.content.decode()
    assert find_token(secret) is None


def test_second_click_is_told_that_it_is_gone(sign_in, owner, secret):
    digest = Token.objects.get().digest
    client = sign_in(owner)
    client.post("/settings/tokens/revoke", {"token": digest})
    again = client.post("/settings/tokens/revoke", {"token": digest})
    assert again.status_code == 404
    assert "You have no such token" in again.content.decode()


@pytest.mark.parametrize("sent", [{}, {"token": "\x00"}, {"token": "x" * 100_000}])
def test_unknown_token_is_a_clear_404(sign_in, owner, secret, sent):
    answer = sign_in(owner).post("/settings/tokens/revoke", sent)
    assert answer.status_code == 404
    assert find_token(secret)


def test_token_of_somebody_else_stays(sign_in, reporter, secret):
    answer = sign_in(reporter).post("/settings/tokens/revoke", {"token": Token.objects.get().digest})
    assert answer.status_code == 404
    assert find_token(secret)


def test_action_refuses_another_actor(owner, reporter, secret):
    with pytest.raises(Forbidden):
        revoke_token(owner, Token.objects.get().digest, actor=reporter)
