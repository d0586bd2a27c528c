"""Downloading a file: what is sent, to whom, and what is counted (A2)."""

import pytest

from accounts.actions import join_organization
from accounts.queries import system_actor
from repositories import git
from repositories.actions import change_settings, commit, restrict
from tests.repositories.reading import runs_something

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


# What a browser would run, each under the name and with the content that would make it do so.
HOSTILE = {
    "evil.html": b"<!DOCTYPE html><script>alert(1)</script>",
    "evil.xhtml": b'<html xmlns="http://www.w3.org/1999/xhtml"><script>alert(1)</script></html>',
    "evil.svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    "evil.xml": b'<?xml version="1.0"?><?xml-stylesheet href="evil.xsl" type="text/xsl"?><a/>',
    "evil.js": b"alert(1)",
    "evil.pdf": b"%PDF-1.7 /OpenAction << /S /JavaScript /JS (app.alert(1)) >>",
    "evil.css": b"body { background: url(//evil.example) }",
    "evil.png": b"\x89PNG\r\n\x1a\n<script>alert(1)</script>",
    "evil.md": b"<script>alert(1)</script>",
    "no-ending": b"<!DOCTYPE html><script>alert(1)</script>",
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("page", ["raw/", "resolve/main/", "preview/"])
@pytest.mark.parametrize("large", [False, True])
def test_no_browser_runs_what_people_upload(client, repository, owner, page, name, large):
    content = HOSTILE[name] + b" " * (git.LARGE if large else 0)
    commit(repository, {name: content}, actor=owner, message="Add")
    response = client.get(f"/nok/tiny-model/{page}{name}")
    if page == "preview/":
        assert response.status_code == 415
        assert b"alert(1)" not in response.content
        return
    assert b"".join(response) == content
    for answer in (response, client.head(f"/nok/tiny-model/{page}{name}")):
        assert answer["Content-Type"] == "application/octet-stream"
        assert answer["Content-Disposition"].startswith("attachment")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"


@pytest.mark.parametrize("name", [name for name in HOSTILE if name != "evil.png"])
def test_the_page_of_a_file_shows_it_as_text(client, repository, owner, name):
    commit(repository, {name: HOSTILE[name]}, actor=owner, message="Add")
    page = client.get(f"/nok/tiny-model/file/{name}").content.decode()
    assert not runs_something(page.partition("<main")[2])
