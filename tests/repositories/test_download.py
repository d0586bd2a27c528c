"""Downloading a file: what is sent, to whom, and what is counted (A2)."""

import pytest

from accounts.actions import join_organization
from accounts.queries import system_actor
from repositories.actions import change_settings, commit, restrict

README = "/nok/tiny-model/raw/README.md"


@pytest.fixture
def restrictions(repository, owner):
    def put(state):
        if state == "gated":
            change_settings(repository, actor=owner, gating="manual")
        elif state == "private":
            change_settings(repository, actor=owner, visibility="private")
        else:
            restrict(repository, kind=state, reason="Why.", actor=system_actor())

    return put


def test_bytes_as_they_are_never_to_be_run(client, repository, owner):
    content = b"<script>alert(1)</script>\r\n\x00\xff"
    commit(repository, {"evil page.html": content}, actor=owner, message="Add")
    response = client.get("/nok/tiny-model/raw/evil%20page.html")
    assert response.content == content
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"] == 'attachment; filename="evil page.html"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"


@pytest.mark.parametrize("name", ['a"; filename="b.exe', "ไทย.txt", "é'%.bin"])
def test_name_stays_a_name(client, repository, owner, name):
    commit(repository, {name: b"x"}, actor=owner, message="Add")
    response = client.get(f"/nok/tiny-model/raw/{name}")
    assert response["Content-Disposition"].startswith("attachment; filename")
    assert "\n" not in response["Content-Disposition"]


def test_each_is_counted_and_trending_rises(client, repository):
    client.get(README)
    client.head(README)
    client.get(README)
    repository.refresh_from_db()
    assert repository.downloads == 2
    assert repository.trending > 0


@pytest.mark.parametrize(
    ("state", "status", "words"),
    [
        ("gated", 403, "This repository is gated"),
        ("disabled", 403, "Access to this repository is disabled"),
        ("private", 404, "There is no such repository, or it is private."),
        ("downgraded", 200, ""),
    ],
)
@pytest.mark.parametrize("page", ["raw/README.md", "file/README.md", "files", "history"])
def test_strangers_by_state(client, sign_in, reporter, repository, restrictions, page, state, status, words):
    restrictions(state)
    for visitor in (client, sign_in(reporter)):
        response = visitor.get(f"/nok/tiny-model/{page}")
        assert response.status_code == status
        assert words in response.content.decode()
    repository.refresh_from_db()
    assert repository.downloads == (2 if status == 200 and page.startswith("raw") else 0)


@pytest.mark.parametrize("state", ["gated", "disabled", "private"])
def test_owner_gets_them_and_no_cache_keeps_them(sign_in, owner, repository, restrictions, state):
    restrictions(state)
    response = sign_in(owner).get(README)
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]


def test_every_member_gets_the_files_of_a_gated_one(organization, make_repository, owner, reporter, sign_in):
    make_repository("gated", owner=organization, gating="auto")
    address = "/mekong-lab/gated/raw/README.md"
    assert sign_in(reporter).get(address).status_code == 403
    join_organization(reporter, organization, role="read", actor=owner)
    assert sign_in(reporter).get(address).status_code == 200


def test_post_is_not_a_way_to_download(client, repository):
    assert client.post(README).status_code == 405
