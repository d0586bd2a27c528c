"""Who a program is: unknown, expired and closed tokens get clear words, never a 500 (K1)."""

from datetime import timedelta

import pytest
from rest_framework.test import APIClient

from accounts.actions import create_token
from tests.api.conftest import code

URL = "/api/v1/reports"


@pytest.mark.parametrize("token", ["omb_unknown", "\xff\xfe", "", "a b", "x" * 5000])
def test_unknown_token(db, token):
    response = APIClient().get(URL, headers={"Authorization": f"Bearer {token}"})
    assert (response.status_code, code(response)) == (401, "authentication_failed")
    assert response["WWW-Authenticate"] == "Bearer"


def test_words_for_an_unknown_token(db):
    response = APIClient().get(URL, headers={"Authorization": "Bearer omb_unknown"})
    assert "Create a new one" in response.json()["errors"][0]["detail"]


def test_expired_token(program, reporter, pass_time):
    client = program(reporter)
    assert client.get(URL).status_code == 200
    pass_time(timedelta(days=366))
    assert client.get(URL).status_code == 401


def test_token_of_a_closed_account(program, reporter):
    client = program(reporter)
    reporter.is_active = False
    reporter.save()
    assert client.get(URL).status_code == 401


def test_no_token(db):
    response = APIClient().get(URL)
    assert (response.status_code, code(response)) == (401, "not_authenticated")


def test_public_endpoint_needs_none(db):
    clauses = APIClient().get("/api/v1/clauses").json()
    assert {"code", "title", "text", "track"} <= set(clauses[0])
    assert "harassment" in [one["code"] for one in clauses]


def test_session_needs_a_form_token(reporter):
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(reporter, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(URL).status_code == 200
    assert client.post(URL, {}, format="json").status_code == 403


def test_token_is_kept_as_a_hash_only(reporter):
    secret = create_token(reporter, scope="read", actor=reporter)
    token = reporter.auth_token_set.get()
    assert secret not in (token.digest, token.token_key)


def test_unknown_address(db):
    response = APIClient().get("/api/v1/nothing")
    assert (response.status_code, code(response)) == (404, "not_found")


def test_wrong_method(program, reporter):
    response = program(reporter).delete(URL)
    assert (response.status_code, code(response)) == (405, "method_not_allowed")
