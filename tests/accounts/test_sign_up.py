"""Making an account, signing in and out through the pages."""

import pytest
from allauth.account.adapter import get_adapter

from accounts.entrance_forms import SignupForm
from accounts.models import Namespace, User
from foundation.errors import Refused
from tests.cast import PASSWORD

SENT = {"email": "new@people.example", "username": "Newcomer", "password1": PASSWORD, "password2": PASSWORD}


def test_new_account_has_its_name_and_the_language_of_the_page(db, client):
    answer = client.post("/accounts/signup/", SENT, headers={"Accept-Language": "th"})
    assert answer.status_code == 302
    user = User.objects.get(username="Newcomer")
    assert user.language == "th"
    assert Namespace.objects.get(user=user).name == "Newcomer"


@pytest.mark.parametrize(
    ("name", "words"),
    [("settings", "reserved"), ("NOK", "taken"), ("a b", "letters"), ("x\u202ey", "letters"), ("n", "letters")],
)
def test_name_that_cannot_be_taken_is_explained(client, owner, name, words):
    answer = client.post("/accounts/signup/", {**SENT, "username": name})
    assert answer.status_code == 200
    assert words in str(answer.context["form"].errors["username"])
    assert User.objects.filter(email=SENT["email"]).count() == 0


def test_a_name_that_was_taken_after_the_form_looked_is_a_clear_answer(db, rf):
    """Two clicks on the button: both forms find the name free."""
    request = rf.post("/accounts/signup/", SENT)
    request.session = {}
    first, second = SignupForm(SENT), SignupForm(SENT)
    assert first.is_valid()
    assert second.is_valid()
    get_adapter().save_user(request, User(), first)
    with pytest.raises(Refused, match="taken"):
        get_adapter().save_user(request, User(), second)
    assert User.objects.filter(username=SENT["username"]).count() == 1


def test_signing_in_by_name_or_by_address(client, owner):
    for login in (owner.username, owner.email):
        answer = client.post("/accounts/login/", {"login": login, "password": PASSWORD})
        assert answer.status_code == 302, login
        client.logout()


def test_wrong_password_is_told_in_words(client, owner):
    page = client.post("/accounts/login/", {"login": owner.username, "password": "wrong"}).content.decode()
    assert 'role="alert"' in page
    assert "password" in page


def test_signing_out_needs_a_button(sign_in, owner):
    client = sign_in(owner)
    assert "You will be signed out" in client.get("/accounts/logout/").content.decode()
    client.post("/accounts/logout/")
    assert client.get("/inbox").status_code == 302
