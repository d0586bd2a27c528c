"""Search over all kinds: parts of words in any script, words of cards, the best match first (A6)."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.queries import system_actor
from repositories import feeds
from repositories.actions import change_settings, like, restrict
from repositories.searching import Words
from tests.repositories.reading import following, names, text_of


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
        ("9_%", set()),
        ("me_ong", set()),
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


def test_queries_do_not_grow(client, make_repository, django_assert_num_queries):
    for number in range(12):
        make_repository(f"tiny-{number}", kind=["model", "dataset", "space"][number % 3])
    with django_assert_num_queries(3):  # what matches, the best of it, the rows of the page
        client.get("/search?q=tiny")
    with django_assert_num_queries(2):
        client.get("/search?q=tiny&order=newest&tag=text")


def test_nul_and_endless_words(client, db):
    assert client.get("/search", {"q": "a\x00b"}).status_code == 400
    assert client.get("/search", {"q": "ก" * 5000}).status_code == 200


TEXT = """---
license: mit
tags: [summarisation]
---
# Rivers

The Mekong floods in September. Version v2, C++, state-of-the-art.

กรุงเทพมหานครเป็นเมืองหลวง, 東京は首都です, 你好世界, ສະບາຍດີ, សួស្តី, မင်္ဂလာပါ
"""


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("flood", True),  # a word of the card begins with it
        ("loods", False),  # inside of a word of the card
        ("ummarisat", True),  # inside of a tag
        ("ivers", True),  # inside of the title
        ("SEPTEMBER mekong", True),
        ("v2", True),
        ("up", False),  # two letters are looked for at the beginning only
        ("state-of-the-art", True),
        ("c++", True),
        ("มหานคร", True),
        ("เมือง", True),
        ("นเ", True),  # two characters, across words
        ("首都", True),
        ("都", True),
        ("世界", True),
        ("界世", False),
        ("ບາຍ", True),
        ("ស្តី", True),
        ("လာပါ", True),
        ("flood เมือง 首都", True),
        ("flood เมืองนอก", False),
        ("it's", False),
        ("\\", False),
        ("'", False),
        ("zz:* & | ! <->", False),
        ("--", False),
    ],
)
@pytest.mark.parametrize("walk", [5_000, 1], ids=["common", "rare"])
def test_finds_words_of_the_card_and_parts_of_what_is_written_without_spaces(
    client, make_repository, monkeypatch, walk, words, found
):
    # Whether the first rows of the order hold enough, or all that match are collected: the same is found.
    monkeypatch.setattr(feeds, "WALK", walk)
    make_repository("plain", card="# {name}\n\nNothing of it.\n")
    make_repository("other", card=TEXT)
    make_repository("plain-too", card="# {name}\n\nNothing of it.\n")
    for order in ("best", "newest", "likes"):
        assert names(client.get("/search", {"q": words, "order": order})) == (["other"] if found else [])


@given(st.text(alphabet=string.printable.replace("\x00", "") + "กขไ世", max_size=30))
@pytest.mark.django_db
def test_no_words_break_the_search(words):
    wanted = Words.of(words).wanted
    for order in ("trending", "newest"):
        assert feeds.Feed(None, wanted, order).first(enough=1).rows == []


def test_the_exact_name_comes_first_then_names_tags_and_cards(client, make_repository, reporter):
    make_repository("in-the-card", card="# Other\n\nAbout rivers.\n")
    like(make_repository("tagged", card="---\ntags: [rivers]\n---\n# Other\n"), actor=reporter)
    make_repository("of-rivers", card="# Other\n")
    make_repository("rivers", card="# Other\n")
    assert names(client.get("/search?q=Rivers")) == ["rivers", "of-rivers", "tagged", "in-the-card"]
    assert names(client.get("/search?q=nok/of-rivers"))[0] == "of-rivers"
    assert names(client.get("/search?q=of+rivers"))[0] == "of-rivers"
    assert names(client.get("/search?q=rivers&order=trending"))[0] == "tagged"


def test_an_exact_name_is_found_however_little_it_trends(client, make_repository, reporter, monkeypatch):
    monkeypatch.setattr(feeds, "WALK", 3)
    monkeypatch.setattr("repositories.views.lists.ENOUGH", 3)
    make_repository("river")
    for number in range(4):
        like(make_repository(f"rivers-{number}"), actor=reporter)
    assert names(client.get("/search?q=river"))[0] == "river"


def test_pages_of_the_best_hold_everything_once(client, make_repository):
    for number in range(35):
        make_repository(f"river-{number}", card="# Rivers\n" if number % 3 else "# Other\n\nRivers, rivers.\n")
    first = client.get("/search?q=river")
    second = client.get("/search" + following(first))
    found = names(first) + names(second)
    assert (len(names(first)), len(found), len(set(found))) == (30, 35, 35)
    assert not following(second)


@pytest.mark.parametrize("after", ["nonsense", "W10", "WzEsMiwzLDRd", "WyJ4IiwieCIsMSwxXQ"])
def test_a_forged_place_is_refused_or_empty(client, repository, after):
    assert client.get(f"/search?q=tiny&after={after}").status_code in (200, 400)
    assert client.get("/search?q=tiny&after=WyJ4IiwieCIsMSwxXQ").status_code == 400


def test_a_restriction_takes_effect_at_once(client, repository, sign_in, owner):
    restrict(repository, kind="downgraded", reason="Why.", actor=system_actor())
    for order in ("best", "trending", "newest"):
        assert names(client.get(f"/search?q=tiny-model&order={order}")) == []
        assert names(sign_in(owner).get(f"/search?q=tiny-model&order={order}")) == ["tiny-model"]


def test_what_was_asked_stays_in_the_form(client, repository):
    page = text_of(client.get("/search?q=tiny&kind=model&order=newest"))
    assert '<input type="hidden" name="kind" value="model">' in page
    assert '<input type="hidden" name="order" value="newest">' in page
    assert '<input type="hidden" name="q"' not in page.partition("</form>")[2].partition("</form>")[0]
