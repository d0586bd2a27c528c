"""Search over all kinds: substrings in any script (A6)."""

import pytest

from repositories.actions import change_settings
from tests.repositories.reading import names


@pytest.fixture
def _library(make_repository):
    make_repository("mekong-chat", card="---\ntags: [conversation]\n---\n# Mekong\n\nพูดคุยภาษาไทยอย่างสุภาพ 100% polite\n")
    make_repository("rice", kind="dataset", card="# Rice\n\nภาพถ่ายข้าวในประเทศไทย\n")


@pytest.mark.usefixtures("_library")
@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("mekong", {"mekong-chat"}),
        ("EKON", {"mekong-chat"}),
        ("conversation", {"mekong-chat"}),
        ("ภาษาไทย", {"mekong-chat"}),
        ("ไทย", {"mekong-chat", "rice"}),
        ("ไทย ข้าว", {"rice"}),
        ("nok", {"mekong-chat", "rice"}),
        ("100%", {"mekong-chat"}),
        ("10_%", set()),
        ("nothing-like-this", set()),
        ("' OR 1=1 --", set()),
    ],
)
def test_finds_parts_of_words_in_any_script(client, words, found):
    assert set(names(client.get("/search", {"q": words}))) == found


@pytest.mark.usefixtures("_library")
def test_of_one_kind(client):
    assert names(client.get("/search", {"q": "ไทย", "kind": "dataset"})) == ["rice"]
    assert set(names(client.get("/search", {"q": "ไทย", "kind": "nonsense"}))) == {"mekong-chat", "rice"}


def test_private_ones_are_found_by_their_owner_only(client, repository, sign_in, owner):
    change_settings(repository, actor=owner, visibility="private")
    assert names(client.get("/search?q=tiny")) == []
    assert names(sign_in(owner).get("/search?q=tiny")) == ["tiny-model"]


def test_words_are_shown_escaped(client, db):
    page = client.get("/search", {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert(1)" not in page
    assert "We found nothing" in page


def test_nothing_asked_costs_nothing(client, db, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/search?q=+").status_code == 200


def test_one_query(client, repository, django_assert_num_queries):
    with django_assert_num_queries(1):
        client.get("/search?q=tiny")


def test_nul_and_endless_words(client, db):
    assert client.get("/search", {"q": "a\x00b"}).status_code == 400
    assert client.get("/search", {"q": "ก" * 5000}).status_code == 200
