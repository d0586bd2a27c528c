"""Seeing a repository's page: who, what it shows, what it hides (A1, A2, A5)."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from accounts.actions import join_organization
from accounts.queries import system_actor
from repositories.actions import lift, restrict
from tests.repositories.reading import part, runs_something


def test_everybody_reads_the_card_without_its_front_matter(client, repository):
    page = client.get("/nok/tiny-model").content.decode()
    assert "A small model for tests." in page
    assert "apache-2.0" in page
    assert "license:" not in page


def test_kinds_have_addresses_of_their_own(client, make_repository):
    make_repository("words", kind="dataset")
    make_repository("play", kind="space")
    assert client.get("/datasets/nok/words").status_code == 200
    assert client.get("/spaces/nok/play").status_code == 200
    assert client.get("/nok/words").status_code == 404


def test_address_in_any_case(client, repository):
    assert client.get("/NOK/Tiny-Model").status_code == 200


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "[click](javascript:alert(1))",
        "<img src=x onerror=alert(1)>",
        "![x](https://tracker.example/p.png)",
        "<iframe src=//evil.example></iframe>",
        '<a href="data:text/html,x" onclick="y()">z</a>',
        "<https://a.example/\"onmouseover='alert(1)'>",
    ],
)
def test_card_of_a_stranger_runs_nothing(client, make_repository, attack):
    make_repository("evil", card="---\ntags: ['<b>x</b>']\nlicense: '<script>l</script>'\n---\n# T\n\n" + attack + "\n")
    main = part(client.get("/nok/evil"), "main")
    assert not runs_something(main)
    assert "<b>x</b>" not in main


def test_private_and_missing_are_one_answer(client, make_repository, django_assert_num_queries):
    make_repository("secret", visibility="private")
    answers = []
    for name in ("secret", "sicret"):
        with django_assert_num_queries(2):  # whether it lies here, and whether it did before
            response = client.get(f"/nok/{name}")
        answers.append((response.status_code, dict(response.headers), _without_its_address(response, name)))
    assert answers[0][0] == 404
    assert answers[0] == answers[1]


@pytest.mark.parametrize("below", ["/files", "/history", "/raw/README.md", "/discussions", "/discussions/1"])
def test_private_and_missing_are_one_answer_below(make_repository, sign_in, reporter, below):
    make_repository("secret", visibility="private")
    answers = [sign_in(reporter).get(f"/nok/{name}{below}") for name in ("secret", "sicret")]
    bodies = [_without_its_address(*pair) for pair in zip(answers, ("secret", "sicret"), strict=True)]
    assert [one.status_code for one in answers] == [404, 404]
    assert bodies[0] == bodies[1]


def test_private_for_a_stranger_and_missing_cost_the_same(
    make_repository, sign_in, reporter, django_assert_num_queries
):
    make_repository("secret", visibility="private")
    client = sign_in(reporter)
    for name in ("secret", "sicret"):
        # session, person, repository, its former address, two permissions, unread messages
        with django_assert_num_queries(6):
            assert client.get(f"/nok/{name}").status_code == 404


def test_owner_sees_the_private_one_and_no_cache_keeps_it(make_repository, sign_in, owner):
    make_repository("secret", visibility="private")
    response = sign_in(owner).get("/nok/secret")
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize("role", ["read", "contributor", "write", "admin"])
def test_every_member_sees_the_private_ones_of_the_organization(
    organization, make_repository, make_user, sign_in, owner, role
):
    make_repository("secret", owner=organization, visibility="private")
    member = make_user("member")
    assert sign_in(member).get("/mekong-lab/secret").status_code == 404
    join_organization(member, organization, role=role, actor=owner)
    page = sign_in(member).get("/mekong-lab/secret")
    assert page.status_code == 200
    assert ("/card/edit" in page.content.decode()) == (role in ("write", "admin"))
    assert ("/secret/settings" in page.content.decode()) == (role == "admin")


def test_restriction_says_why_and_until_when(client, repository, set_clock):
    set_clock(datetime(2026, 11, 20, 14, 5, tzinfo=UTC))
    ends = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)
    restrict(repository, kind="downgraded", reason="Only adverts.", actor=system_actor(), ends_at=ends)
    response = client.get("/nok/tiny-model")
    page = response.content.decode()
    assert "We left this repository out of trending" in page
    assert "Only adverts." in page
    assert "14:05 (UTC)" in page
    assert response["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in page
    set_clock(ends + timedelta(seconds=1))
    after = client.get("/nok/tiny-model")
    assert "X-Robots-Tag" not in after
    assert "Only adverts." not in after.content.decode()


def test_disabled_keeps_card_and_community(client, repository):
    restriction = restrict(repository, kind="disabled", reason="Attack code.", actor=system_actor())
    page = client.get("/nok/tiny-model").content.decode()
    assert "A small model for tests." in page
    assert "We disabled access to the files" in page
    assert client.get("/nok/tiny-model/discussions").status_code == 200
    lift(restriction, actor=system_actor())
    assert "We disabled access" not in client.get("/nok/tiny-model").content.decode()


def test_label_for_adults_is_shown_and_not_indexed(client, make_repository):
    make_repository("adult", card="---\ntags: [not-for-all-audiences]\n---\n# {name}\n")
    assert 'class="tag nfaa"' in client.get("/models").content.decode()
    assert client.get("/nok/adult")["X-Robots-Tag"] == "noindex"


def test_indexed_when_nothing_stands_against_it(client, repository):
    response = client.get("/nok/tiny-model")
    assert "X-Robots-Tag" not in response
    assert "no-store" not in response.get("Cache-Control", "")
    assert 'name="robots"' not in response.content.decode()


def test_ways_on_from_the_page(client, repository, discussion):
    page = client.get("/nok/tiny-model").content.decode()
    assert f'href="/report/repository/{repository.public_id}"' in page
    assert 'href="/nok/tiny-model/moderation"' in page
    # How many discussions there are only pages that know whether the tab is on say: see tests/community/test_tab.py.
    assert re.search(r'href="/nok/tiny-model/discussions"[^>]*>\s*Community\s*</a>', page)


def test_broken_front_matter_and_an_empty_card(client, make_repository):
    make_repository("broken", card="---\n: [\n---\nstill here\n")
    make_repository("empty", card="")
    assert "still here" in client.get("/nok/broken").content.decode()
    assert "There is no card yet" in client.get("/nok/empty").content.decode()


def test_queries_of_the_page(client, sign_in, reporter, repository, django_assert_num_queries):
    for kind in ("downgraded", "disabled"):
        restrict(repository, kind=kind, reason="Why.", actor=system_actor())
    with django_assert_num_queries(3):  # repository, restrictions, what builds on it
        client.get("/nok/tiny-model")
    signed_in = sign_in(reporter)
    # and session, person, whether the team opened it, two permissions, like, unread messages
    with django_assert_num_queries(9):
        signed_in.get("/nok/tiny-model")


def test_post_is_not_a_way_to_read(client, repository):
    assert client.post("/nok/tiny-model").status_code == 405


def _without_its_address(response, name):
    text = response.content.decode().replace(name, "NAME")
    return re.sub(r'(csrfmiddlewaretoken" value="|X-CSRFToken": ")[A-Za-z0-9]+', "", text)
