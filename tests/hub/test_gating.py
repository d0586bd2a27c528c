"""Requests for access on the wire, as older and newer clients send them (A3)."""

import pytest
from django.test import Client

from repositories.actions import change_settings
from repositories.actions.conditions import set_conditions
from repositories.actions.gating import ask_access
from repositories.gating import Field
from repositories.models import AccessRequest, Gating

PATH = "/api/models/nok/tiny-model/user-access-request"
ASK = "/nok/tiny-model/ask-access"


@pytest.fixture
def repository(repository, owner):
    return change_settings(repository, actor=owner, gating=Gating.MANUAL)


@pytest.fixture
def asked(repository, reporter):
    return ask_access(repository, {}, actor=reporter)


def test_list(send, repository, owner, asked):
    (found,) = send("get", f"{PATH}/pending", user=owner, scope="read").json()
    assert found["user"] == {"user": "iris", "fullname": "iris", "email": "iris@people.example"}
    assert (found["requestId"], found["status"], "fields" in found) == (str(asked.public_id), "pending", False)
    assert found["timestamp"].endswith("Z")
    assert send("get", f"{PATH}/accepted", user=owner).json() == []
    assert send("get", f"{PATH}/other", user=owner).status_code == 404


@pytest.mark.parametrize("which", ["user", "requestId"])
def test_decisions(send, owner, asked, which):
    name = {"user": "IRIS"} if which == "user" else {"requestId": str(asked.public_id)}
    for status in ("accepted", "rejected", "pending"):
        assert send("post", f"{PATH}/handle", {**name, "status": status}, user=owner).status_code == 200
        asked.refresh_from_db()
        assert asked.status == status
        assert send("post", f"{PATH}/handle", {**name, "status": status}, user=owner).status_code == 404


def test_reason(send, owner, asked):
    body = {"user": "iris", "status": "rejected", "rejectionReason": "Not for this."}
    assert send("post", f"{PATH}/handle", body, user=owner).status_code == 200
    asked.refresh_from_db()
    assert asked.reason == "Not for this."


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"user": "iris"}, 400),
        ({"user": "iris", "status": "x"}, 400),
        ({"user": ["iris"], "status": "accepted"}, 400),
        ({"status": "accepted"}, 400),
        ({"requestId": "x", "status": "accepted"}, 400),
        ({"requestId": 5, "status": "accepted"}, 400),
        ({"requestId": "6f2f3c9e-6d0c-4a1c-9f2b-0d8f1d1e2a3b", "status": "accepted"}, 404),
        ({"user": "nobody-here", "status": "accepted"}, 404),
        ({"user": "iris", "status": "accepted", "rejectionReason": "x"}, 400),
        ({"user": "iris", "status": "rejected", "rejectionReason": 5}, 400),
    ],
)
def test_bad_decisions(send, owner, asked, body, status):
    assert send("post", f"{PATH}/handle", body, user=owner).status_code == status
    assert AccessRequest.objects.get().status == "pending"


def test_grant(send, repository, owner, reporter):
    assert send("post", f"{PATH}/grant", {"user": "iris"}, user=owner).status_code == 200
    assert send("get", "/nok/tiny-model/resolve/main/README.md", user=reporter).status_code == 200
    assert send("post", f"{PATH}/grant", {"user": "iris"}, user=owner).status_code == 400
    assert send("post", f"{PATH}/grant", {"user": "nobody-here"}, user=owner).status_code == 404
    assert send("post", f"{PATH}/grant", {}, user=owner).status_code == 400


def test_not_gated(send, repository, owner, reporter):
    change_settings(repository, actor=owner, gating=Gating.NONE)
    for path, body in (("handle", {"user": "iris", "status": "accepted"}), ("grant", {"user": "iris"})):
        assert send("post", f"{PATH}/{path}", body, user=owner).status_code == 400


def test_only_its_owner(send, asked, reporter):
    assert send("get", f"{PATH}/pending", user=reporter).status_code == 403
    assert send("get", f"{PATH}/pending").status_code == 401
    assert send("post", f"{PATH}/handle", {"user": "iris", "status": "accepted"}, user=reporter).status_code == 403
    assert send("post", f"{PATH}/grant", {"user": "iris"}, user=reporter).status_code == 403


@pytest.mark.parametrize("as_form", [True, False])
def test_ask(send, repository, owner, reporter, as_form):
    set_conditions(repository, actor=owner, fields=[Field("What for?", "text")])
    missing = send("post", ASK, {}, user=reporter)
    assert missing.status_code == 400
    answers = {"What for?": "Research"}
    body = b"What+for%3F=Research" if as_form else answers
    response = send("post", ASK, body, user=reporter, **({"Content-Type": FORM} if as_form else {}))
    assert (response.status_code, response.json()) == (200, {"status": "pending"})
    (found,) = send("get", f"{PATH}/pending", user=owner).json()
    assert found["fields"] == answers


FORM = "application/x-www-form-urlencoded"


def test_the_page_of_this_address_keeps_its_protection(sign_in, repository, reporter):
    client = Client(enforce_csrf_checks=True)
    client.force_login(reporter, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(ASK).status_code == 200
    assert client.post(ASK, {"agree": "on"}).status_code == 403
    assert not AccessRequest.objects.exists()
