"""Accounts in the administration: names through our action, records only to read."""

import pytest

from accounts.actions import create_token
from accounts.models import Namespace, Token, User
from tests.cast import PASSWORD

SENT = {"username": "fresh", "usable_password": "true", "password1": PASSWORD, "password2": PASSWORD}
MODELS = (
    "user organization namespace token inboxmessage maildelivery postingrestriction".split()  # noqa: SIM905
)


def test_new_account_takes_its_name(sign_in, admin):
    answer = sign_in(admin).post("/admin/accounts/user/add/", SENT)
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    assert Namespace.objects.get(name="fresh").user == User.objects.get(username="fresh")


def test_reserved_name_is_refused_in_words(sign_in, admin):
    answer = sign_in(admin).post("/admin/accounts/user/add/", {**SENT, "username": "settings"})
    assert "reserved" in answer.content.decode()
    assert not User.objects.filter(username="settings").exists()


@pytest.mark.parametrize("model", MODELS)
def test_list_shows(sign_in, admin, owner, organization, model):
    assert sign_in(admin).get(f"/admin/accounts/{model}/").status_code == 200


@pytest.mark.parametrize("model", ["inboxmessage", "maildelivery", "postingrestriction", "namespace"])
def test_records_are_never_added_by_hand(sign_in, admin, model):
    assert sign_in(admin).get(f"/admin/accounts/{model}/add/").status_code == 403


def test_accounts_are_closed_and_not_deleted(sign_in, admin, owner):
    assert sign_in(admin).post(f"/admin/accounts/user/{owner.pk}/delete/", {"post": "yes"}).status_code == 403
    assert User.objects.filter(pk=owner.pk).exists()


def test_deleting_a_token_revokes_it_and_its_fingerprint_is_not_shown(sign_in, admin, owner):
    create_token(owner, scope="read", actor=owner)
    token = Token.objects.get()
    client = sign_in(admin)
    page = client.get(f"/admin/accounts/token/{token.digest}/change/").content.decode()
    assert "omb_" in page
    client.post(f"/admin/accounts/token/{token.digest}/delete/", {"post": "yes"})
    assert not Token.objects.exists()
