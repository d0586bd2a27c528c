"""Errors are pages in plain words that say what to do (M3)."""

import pytest
from django.db import OperationalError
from django.template.loader import render_to_string
from django.test import Client
from django.urls import path
from django.views import defaults

from config.urls import urlpatterns as real
from foundation.errors import Forbidden, Refused


def refuse(request):
    raise Refused("Somebody took this case <b>a moment</b> ago.")


def forbid(request):
    raise Forbidden("Only its owner can do this.")


def break_down(request):
    raise RuntimeError("a fault of ours")


def lose_database(request):
    raise OperationalError("the database system is shutting down")


urlpatterns = [
    path("t/refuse", refuse),
    path("t/forbid", forbid),
    path("t/break", break_down),
    path("t/lose", lose_database),
    *real,
]


@pytest.fixture
def broken(settings, db):
    settings.ROOT_URLCONF = __name__
    return Client(raise_request_exception=False)


def test_refusal_is_a_page_with_its_sentence(broken):
    answer = broken.get("/t/refuse")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody took this case &lt;b&gt;a moment&lt;/b&gt; ago." in page
    assert "<html" in page


def test_refusal_for_htmx_is_only_the_sentence(broken):
    answer = broken.get("/t/refuse", headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "data-refusal" in page
    assert "<html" not in page


def test_forbidden_says_why(broken):
    answer = broken.get("/t/forbid")
    assert answer.status_code == 403
    assert "Only its owner can do this." in answer.content.decode()


def test_unknown_address(db, client):
    answer = client.get("/no/such/thing/at/all")
    assert answer.status_code == 404
    assert "There is nothing here" in answer.content.decode()


def test_unknown_name(db, client):
    answer = client.get("/nobody-of-this-name")
    assert answer.status_code == 404
    assert "There is nobody of this name here." in answer.content.decode()


def test_our_fault_asks_nothing_of_the_database(broken, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = broken.get("/t/break")
    assert answer.status_code == 500
    assert "This is our fault" in answer.content.decode()


def test_restarting_database_is_a_503_that_says_when_to_come_back(broken, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = broken.get("/t/lose")
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert "We are back in a moment" in answer.content.decode()


def test_database_that_is_away_when_we_ask_who_is_looking_is_a_503_too(sign_in, owner, monkeypatch):
    client = sign_in(owner)

    def away(self, session_key=None):
        raise OperationalError("connection refused")

    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore._get_session_from_db", away)
    answer = client.get("/policy")
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"


def test_expired_form_says_that_nothing_was_changed(db):
    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "x"})
    assert answer.status_code == 403
    assert "Please send this form again" in answer.content.decode()


@pytest.mark.parametrize("address", ["/%00", "/nok%00", "/models?tag=%00", "/search?q=a%00b", "/inbox?after=%00"])
def test_nul_in_an_address_is_a_400(db, client, address):
    answer = client.get(address)
    assert answer.status_code == 400
    assert "We could not read this request" in answer.content.decode()


@pytest.mark.parametrize("after", ["x", "e30", "W10", "%F0%9F%98%80", "WzFd"])
def test_forged_page_of_a_list_is_a_400(sign_in, owner, after):
    answer = sign_in(owner).get(f"/inbox?after={after}")
    assert answer.status_code == 400
    assert "Start at the first one" in answer.content.decode()


@pytest.mark.parametrize("name", ["400", "403", "404", "429", "500", "503", "403_csrf"])
def test_error_pages_stand_without_a_request(db, name, django_assert_num_queries):
    with django_assert_num_queries(0):
        page = render_to_string(f"{name}.html")
    assert page.count("<h1>") == 1
    assert "data-refusal" in page


def test_django_finds_our_pages(rf):
    assert "our fault" in defaults.server_error(rf.get("/")).content.decode()


@pytest.mark.parametrize("address", ["/", "/inbox", "/api/v1/clauses", "/api/models"])
def test_a_cookie_with_nul_counts_as_none(db, address):
    answer = Client(headers={"Cookie": 'sessionid="abcdefghijk\\000lmn"'}).get(address)
    assert answer.status_code in (200, 302)
