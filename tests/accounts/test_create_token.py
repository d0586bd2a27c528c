"""Tokens for programs (K1): shown once, only the fingerprint is kept."""

import re
from datetime import timedelta

import pytest

from accounts.actions import create_token
from accounts.authentication import find_token
from accounts.models import Token
from foundation.errors import Forbidden

SENT = {"name": "my script", "scope": "write", "days": "30"}


def secret_in(answer) -> str:
    found = re.search(r'id="secret">(omb_\w+)<', answer.content.decode())
    return found.group(1) if found else ""


def test_token_is_shown_once_and_opens_the_account(sign_in, owner):
    client = sign_in(owner)
    answer = client.post("/settings/tokens", SENT)
    secret = secret_in(answer)
    assert owner.auth_token_set.get() == find_token(secret)
    assert "no-store" in answer["Cache-Control"]
    page = client.get("/settings/tokens").content.decode()
    assert "my script" in page
    assert secret not in page
    assert secret not in str(Token.objects.values())


def test_token_ends_after_the_days_that_were_chosen(sign_in, owner, pass_time):
    secret = secret_in(sign_in(owner).post("/settings/tokens", SENT))
    pass_time(timedelta(days=31))
    assert find_token(secret) is None
    assert "No tokens" in sign_in(owner).get("/settings/tokens").content.decode()


def test_scope_moderate_is_only_for_the_team(sign_in, owner, moderator):
    refused = sign_in(owner).post("/settings/tokens", {**SENT, "scope": "moderate"})
    assert refused.status_code == 422
    assert "valid choice" in refused.context["form"].errors["scope"][0]
    assert secret_in(sign_in(moderator).post("/settings/tokens", {**SENT, "scope": "moderate"}))


@pytest.mark.parametrize("change", [{"name": ""}, {"scope": "root"}, {"days": "100000"}, {"days": "x"}])
def test_bad_input_makes_no_token(sign_in, owner, change):
    answer = sign_in(owner).post("/settings/tokens", {**SENT, **change})
    assert answer.status_code == 422
    assert not Token.objects.exists()


def test_nobody_creates_a_token_of_somebody_else(owner, reporter):
    with pytest.raises(Forbidden):
        create_token(owner, scope="read", actor=reporter)
