"""Where an artifact comes from, and what was made from it, on its page (A9)."""

import pytest

from repositories.actions import change_settings
from repositories.lineage import lineage_of
from repositories.queries import find
from tests.repositories.reading import part, text_of

CARD = "---\nbase_model: [nok/base, Nok/Hidden, elsewhere/thing]\ndatasets: [nok/words]\n---\n# {name}\n"


@pytest.fixture
def base(make_repository):
    return make_repository("base")


@pytest.fixture
def child(make_repository, base):
    make_repository("hidden", visibility="private")
    make_repository("words", kind="dataset")
    return make_repository("child", card=CARD)


def test_names_link_to_what_the_viewer_sees(client, sign_in, owner, child):
    main = part(client.get("/nok/child"), "main")
    assert '<a href="/nok/base">nok/base</a>' in main
    assert '<a href="/datasets/nok/words">nok/words</a>' in main
    assert "Nok/Hidden" in main
    assert '<a href="/nok/hidden">' not in main
    assert "elsewhere/thing" in main
    assert '<a href="/nok/hidden">Nok/Hidden</a>' in text_of(sign_in(owner).get("/nok/child"))


def test_what_builds_on_it_is_counted_as_lists_show_it(client, owner, base, child, make_repository):
    make_repository("second", card=CARD)
    assert "2 models build on this" in text_of(client.get("/nok/base"))
    assert 'href="/models?base_model=nok/base"' in text_of(client.get("/nok/base")).replace("%2F", "/")
    assert "2 models build on this" in text_of(client.get("/datasets/nok/words"))
    change_settings(child, visibility="private", actor=owner)
    assert "One model builds on this" in text_of(client.get("/nok/base"))
    assert lineage_of(base, owner).built_on_it == 2


def test_without_lineage_there_is_no_such_part(client, repository):
    assert 'id="lineage"' not in text_of(client.get("/nok/tiny-model"))


def test_ten_names_at_most(client, make_repository):
    many = ", ".join(f"nok/base-{number}" for number in range(14))
    make_repository("much", card=f"---\nbase_model: [{many}]\n---\n# {{name}}\n")
    page = text_of(client.get("/nok/much"))
    assert "nok/base-9" in page
    assert "nok/base-10" not in page
    assert "The card names 4 more." in page


def test_queries(base, child, owner, django_assert_num_queries):
    origin, made = find("model", "nok", "base", None), find("model", "nok", "child", owner)
    assert not owner.is_team  # asked once for each person
    with django_assert_num_queries(1):  # what builds on it
        lineage_of(origin, None)
    with django_assert_num_queries(2):  # and what it is made from
        lineage_of(made, owner)
