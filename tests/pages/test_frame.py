"""The frame of every page: navigation, language, keys; and every link of it leads somewhere."""

import pytest


def test_guests_are_offered_to_sign_in(db, client):
    page = client.get("/accounts/login/").content.decode()
    assert 'href="#main"' in page
    assert "Sign up" in page
    assert 'href="/cases"' not in page


def test_only_the_team_sees_the_queue(sign_in, owner, moderator):
    assert 'href="/cases"' not in sign_in(owner).get("/inbox").content.decode()
    assert 'href="/cases"' in sign_in(moderator).get("/inbox").content.decode()


def test_only_staff_sees_the_administration(sign_in, moderator, admin):
    assert 'href="/admin/"' not in sign_in(moderator).get("/inbox").content.decode()
    assert 'href="/admin/"' in sign_in(admin).get("/inbox").content.decode()


@pytest.mark.parametrize("who", [0, 1, 2])
def test_every_link_leads_somewhere(sign_in, read, owner, moderator, admin, who):
    client = sign_in([owner, moderator, admin][who])
    for link in {link for link in read(client.get("/inbox")).links if link.startswith("/")}:
        assert client.get(link, follow=True).status_code == 200, link


def test_search_engines_are_told_what_not_to_read(db, client):
    answer = client.get("/robots.txt")
    assert answer["Content-Type"].startswith("text/plain")
    assert "Disallow: /cases" in answer.content.decode()
