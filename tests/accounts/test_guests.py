"""Guests: people without an account, whose address nobody can sign in with (C1, C3)."""

from concurrent.futures import ThreadPoolExecutor

from django.core import mail
from django.db import connection

from accounts.actions import guest_for, write_to
from accounts.mail import send_due_mail
from accounts.models import Guest, Namespace, User
from tests.conftest import concurrent

ADDRESS = "guest@letters.example"


def test_a_guest_has_no_name_and_no_password(db):
    guest = guest_for(ADDRESS, "Ada", "th", confirmed=True)
    assert guest.username.startswith("guest-")
    assert len(guest.username) == len("guest-") + 12
    assert (guest.fullname, guest.language, guest.email, guest.mail_address) == ("Ada", "th", "", ADDRESS)
    assert not guest.has_usable_password()
    assert not Namespace.objects.filter(user=guest).exists()


def test_the_same_address_is_the_same_guest_among_its_kind(db):
    confirmed, unconfirmed = (guest_for(ADDRESS, confirmed=kind) for kind in (True, False))
    assert confirmed != unconfirmed
    assert guest_for(" Guest@Letters.example", confirmed=True) == confirmed
    assert guest_for(ADDRESS, confirmed=False) == unconfirmed
    assert guest_for(confirmed=False) != guest_for(confirmed=False)


def test_mail_reaches_a_guest(db):
    guest = guest_for(ADDRESS, confirmed=True)
    write_to(guest, key="x", subject="Hello", body="You.", actor=guest)
    write_to(guest_for(confirmed=False), key="x", subject="Hello", body="Nobody.", actor=guest)
    send_due_mail()
    assert [one.to for one in mail.outbox] == [[ADDRESS]]


def test_the_address_can_still_sign_up_and_resets_nothing(db, client):
    guest_for(ADDRESS, confirmed=True)
    client.post("/accounts/password/reset/", {"email": ADDRESS})
    assert not any("/reset/key/" in one.body for one in mail.outbox)
    form = {
        "email": ADDRESS,
        "username": "ada",
        "password1": "a long test password",
        "password2": "a long test password",
    }
    assert client.post("/accounts/signup/", form).status_code == 302
    assert User.objects.get(username="ada").email == ADDRESS


@concurrent
def test_at_the_same_moment_it_is_one_guest():
    def ask(_number):
        try:
            return guest_for(ADDRESS, confirmed=True).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert len(set(pool.map(ask, range(6)))) == 1
    assert Guest.objects.count() == 1
