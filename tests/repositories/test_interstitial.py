"""Whoever opens a repository that is not for all audiences is asked once per session (A4)."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver

from accounts.actions import choose_nfaa, join_organization
from accounts.models import OrganizationRole
from community.actions import open_discussion
from foundation import clock
from repositories import interstitial
from repositories.actions import commit, restrict
from repositories.queries import find
from tests.repositories.reading import text_of

CARD = "---\ntags: [not-for-all-audiences]\n---\n# A heading of it\n\nWords of the card.\n"
ASKED = "View content"


@pytest.fixture
def tagged(make_repository, author):
    """With a card, a file and a discussion."""
    made = make_repository("tagged", card=CARD)
    commit(made, {"notes.txt": b"Words of a file."}, actor=made.created_by, message="Words of a commit")
    open_discussion(made, title="Words of a title", text="Words of a comment.", actor=author)
    return made


def view(client, repository, to=""):
    address = repository.get_absolute_url()
    return client.post(f"{address}/view", {"next": to or address})


def patterns(resolver=None, prefix=""):
    """Every pattern of the site below the address of a repository."""
    for one in (resolver or get_resolver()).url_patterns:
        here = prefix + str(one.pattern)
        if hasattr(one, "url_patterns"):
            yield from patterns(one, here)
        elif "<repository:address>" in here and not here.startswith("api/"):
            yield here


def addresses() -> list[str]:
    filled = {"path": "notes.txt", "number": "1", "revision": "main", "rest": "notes.txt", "base": "main"}
    found = []
    for pattern in patterns():
        below = pattern.partition("<repository:address>")[2]
        found.append(re.sub(r"<(?:\w+:)?(\w+)>", lambda match: filled.get(match[1], "main"), below))
    return sorted(set(found))


def test_every_page_asks_and_shows_nothing(client, tagged):
    asked = []
    for below in addresses():
        response = client.get(f"/nok/tagged{below}")
        if response.status_code != 200 or "text/html" not in response["Content-Type"]:
            # A download, a verb, a page for the owner, nothing: no page that shows something.
            assert "attachment" in response.get("Content-Disposition", "") or response.status_code >= 300, below
            continue
        page = text_of(response)
        asked.append(below)
        assert ASKED in page, below
        for words in ("Words of", "A heading of it", "notes.txt"):
            assert words not in page.replace(f'name="next" value="/nok/tagged{below}"', ""), (below, words)
    assert {"", "/files", "/file/notes.txt", "/history", "/discussions", "/discussions/1", "/moderation"} <= set(asked)


def test_it_says_whose_it_is_and_why(client, tagged):
    response = client.get("/nok/tagged/files")
    page = text_of(response)
    assert response.status_code == 200
    assert "<title>" in page
    assert "nok/tagged" in page
    assert "Tagged by its owner in the card, commit" in page
    assert '<meta name="robots" content="noindex">' in page
    assert response["X-Robots-Tag"] == "noindex"
    assert 'href="/settings/content"' in page


def test_viewing_goes_on_to_the_page_and_asks_no_more(client, tagged):
    response = view(client, tagged, "/nok/tagged/file/notes.txt?at=")
    assert (response.status_code, response["Location"]) == (303, "/nok/tagged/file/notes.txt?at=")
    assert "Words of a file" in text_of(client.get("/nok/tagged/file/notes.txt"))
    assert "Words of the card" in text_of(client.get("/nok/tagged"))
    assert ASKED in text_of(Client().get("/nok/tagged"))


def test_each_repository_asks_for_itself(client, tagged, make_repository):
    make_repository("another", card=CARD)
    view(client, tagged)
    assert ASKED in text_of(client.get("/nok/another"))


@pytest.mark.parametrize(
    "to", ["https://elsewhere.example/nok/tagged", "//elsewhere.example", "/nok/tagged-too", "/nok", "", "javascript:1"]
)
def test_the_way_back_is_a_page_of_the_repository(client, tagged, to):
    response = client.post("/nok/tagged/view", {"next": to})
    assert response["Location"] == "/nok/tagged"


def test_viewing_is_posted(client, tagged):
    assert client.get("/nok/tagged/view").status_code == 405
    assert ASKED in text_of(client.get("/nok/tagged"))
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/nok/tagged/view").status_code == 403


def test_a_session_remembers_a_bounded_number(client, tagged, make_repository, monkeypatch):
    monkeypatch.setattr(interstitial, "MOST_REMEMBERED", 2)
    others = [make_repository(f"tagged-{number}", card=CARD) for number in range(2)]
    for one in (tagged, *others, others[1]):
        view(client, one)
    assert client.session[interstitial.VIEWED] == [one.pk for one in others]
    assert ASKED in text_of(client.get("/nok/tagged"))


def test_who_is_not_asked(tagged, sign_in, owner, moderator, reporter, make_user, make_repository, organization):
    assert ASKED not in text_of(sign_in(owner).get("/nok/tagged"))
    assert ASKED not in text_of(sign_in(moderator).get("/nok/tagged"))
    assert ASKED in text_of(sign_in(reporter).get("/nok/tagged"))
    choose_nfaa(reporter, "never", actor=reporter)
    assert ASKED in text_of(sign_in(reporter).get("/nok/tagged"))
    choose_nfaa(reporter, "show", actor=reporter)
    assert ASKED not in text_of(sign_in(reporter).get("/nok/tagged"))
    make_repository("ours", card=CARD, owner=organization)
    member = join_organization(make_user("mo"), organization, role=OrganizationRole.READ, actor=owner)
    assert ASKED not in text_of(sign_in(member.user).get("/mekong-lab/ours"))


def test_a_repository_for_everybody_asks_nobody_and_starts_no_session(client, repository):
    response = client.get("/nok/tiny-model")
    assert ASKED not in text_of(response)
    assert "sessionid" not in response.cookies


def test_downloads_go_without_asking(client, tagged):
    assert client.get("/nok/tagged/raw/notes.txt")["Content-Disposition"].startswith("attachment")


def test_what_somebody_wrote_is_not_lost(tagged, sign_in, reporter):
    response = sign_in(reporter).post("/nok/tagged/discussions/new", {"title": "", "text": "My own long words."})
    assert response.status_code == 422
    assert "My own long words." in text_of(response)


def test_a_tag_of_the_team_asks_too_and_says_why(client, repository, moderator, sign_in, owner):
    restrict(repository, kind="nfaa", reason="It shows wounds.", actor=moderator)
    page = text_of(client.get("/nok/tiny-model"))
    assert ASKED in page
    assert "Tagged by the team: It shows wounds." in page
    assert "Tagged by the team: It shows wounds." in text_of(sign_in(owner).get("/nok/tiny-model"))


def test_a_tag_that_ended_by_itself_asks_no_more(client, repository, moderator, pass_time):
    ends = clock.now() + timedelta(hours=72)
    restrict(repository, kind="nfaa", reason="It shows wounds.", actor=moderator, ends_at=ends)
    assert ASKED in text_of(client.get("/nok/tiny-model"))
    pass_time(timedelta(hours=73))
    assert ASKED not in text_of(client.get("/nok/tiny-model"))


def test_the_origin_stands_on_the_page(client, tagged):
    view(client, tagged)
    page = " ".join(text_of(client.get("/nok/tagged")).split())
    commit_of_card = find("model", "nok", "tagged", None).nfaa_commit
    assert f'commit <a class="hash" href="/nok/tagged/history?start={commit_of_card}">{commit_of_card[:7]}</a>' in page


def test_asking_asks_the_database_nothing_more(client, tagged, make_repository):
    make_repository("plain", card="# Plain\n")
    counts = []
    for name in ("plain", "tagged"):
        with CaptureQueriesContext(connection) as queries:
            client.get(f"/nok/{name}")
        counts.append(len(queries))
    assert counts[0] == counts[1]
