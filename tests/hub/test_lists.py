"""list_models and its filters (A6; checks 15, 17, 18)."""

import pytest
from huggingface_hub.errors import BadRequestError

from accounts.actions import choose_nfaa
from repositories.actions import count_download, like, restrict
from repositories.models import Gating, Visibility
from repositories.models.restriction import UNLISTING

NFAA = "---\nlicense: mit\nlanguage: th\ntags: [not-for-all-audiences]\n---\n# {name}\n"


@pytest.fixture
def repositories(make_repository, reporter):
    """a, b (liked), c (not for all audiences, Thai, MIT), one private, one gated, and a dataset."""
    make_repository("a")
    like(make_repository("b"), actor=reporter)
    make_repository("c", card=NFAA)
    make_repository("hidden", visibility=Visibility.PRIVATE)
    make_repository("guarded", gating=Gating.AUTO)
    make_repository("rows", kind="dataset")


def names(found) -> list[str]:
    return [one.id.removeprefix("nok/") for one in found]


def test_trending_first(hub, repositories):
    assert names(hub().list_models()) == ["b", "guarded", "c", "a"]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"filter": "not-for-all-audiences"}, ["c"]),
        ({"filter": ["license:mit", "language:th"]}, ["c"]),
        ({"filter": "nothing"}, []),
        ({"search": "GUARD"}, ["guarded"]),
        ({"author": "NOK", "sort": "created_at"}, ["guarded", "c", "b", "a"]),
        ({"author": "nobody"}, []),
        ({"gated": True}, ["guarded"]),
        ({"gated": False, "sort": "likes"}, ["b", "c", "a"]),
        ({"limit": 2, "sort": "last_modified"}, ["guarded", "c"]),
    ],
)
def test_filters(hub, repositories, asked, expected):
    assert names(hub().list_models(**asked)) == expected


def test_datasets_and_spaces(hub, repositories):
    assert names(hub().list_datasets()) == ["rows"]
    assert names(hub().list_spaces()) == []


def test_owner_sees_the_own_private_one(hub, repositories, owner):
    assert "hidden" in names(hub(owner).list_models())


def test_pages_are_followed(hub, make_repository, monkeypatch):
    for number in range(7):
        make_repository(f"model-{number}")
    monkeypatch.setattr("hub.views.lists.USUAL", 3)
    assert len(set(names(hub().list_models()))) == 7


def test_what_the_team_restricts_leaves_the_lists(hub, repositories, make_repository, moderator, owner):
    for kind in UNLISTING:
        restrict(make_repository(f"bad-{kind}"), kind=kind, reason="Spam.", actor=moderator)
    assert not [name for name in names(hub().list_models(sort="trending_score")) if name.startswith("bad")]
    own = {one.id: (one.disabled, one.private) for one in hub(owner).list_models()}
    assert own["nok/bad-downgraded"] == (False, False)
    assert own["nok/bad-private"] == (False, True)
    assert own["nok/bad-disabled"] == (True, False)


def test_unknown_order(hub, repositories):
    with pytest.raises(BadRequestError, match="Unknown sort"):
        list(hub().list_models(sort="beauty"))


@pytest.mark.parametrize("query", ["after=x", "limit=%EF%BC%95", "limit=0", "expand=x"])
def test_bad_queries(client, repository, query):
    response = client.get(f"/api/models?{query}")
    assert response.status_code == 400
    assert response.json()["error"]


FULL = """---
license: mit
language: th
tags: [chat]
pipeline_tag: text-generation
library_name: transformers
datasets: [nok/rows]
base_model: nok/a
---
# {name}
"""


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"filter": "transformers"}, True),
        ({"filter": "text-generation"}, True),
        ({"filter": "chat"}, True),
        ({"filter": "th"}, True),
        ({"filter": "library:transformers"}, True),
        ({"filter": ["chat", "license:mit", "language:th", "transformers"]}, True),
        ({"filter": ["chat", "license:apache-2.0"]}, False),
        ({"filter": "base_model:nok/a"}, True),
        ({"filter": "base_model:finetune:nok/a"}, True),
        ({"filter": "base_model:nok/b"}, False),
        ({"trained_dataset": "nok/rows"}, True),
        ({"trained_dataset": "nok/columns"}, False),
        ({"pipeline_tag": "text-generation"}, True),
        ({"pipeline_tag": "fill-mask"}, False),
        ({"search": "full tha"}, False),
        ({"search": "FULL nok"}, True),
        ({"search": "--"}, False),
    ],
)
def test_what_the_card_says_is_filtered_by(hub, repositories, make_repository, asked, found):
    make_repository("full", card=FULL)
    assert ("full" in names(hub().list_models(**asked))) is found


@pytest.mark.parametrize(
    "query", ["library=transformers", "task=text-generation", "sort=downloads&direction=-1", "direction=1"]
)
def test_parameters_of_other_clients(client, make_repository, query):
    make_repository("full", card=FULL)
    assert [one["id"] for one in client.get(f"/api/models?{query}").json()] == ["nok/full"]


def test_most_downloaded_first(hub, repositories, make_repository):
    row = make_repository("loaded")
    count_download(row, actor=None)
    assert names(hub().list_models(sort="downloads"))[0] == "loaded"
    assert names(hub().list_models(sort="downloads", search="loaded")) == ["loaded"]


def test_nobody_sees_what_is_not_for_all_audiences_with_its_tag(hub, repositories):
    tagged = {one.id: one.tags for one in hub().list_models()}
    assert "not-for-all-audiences" in tagged["nok/c"]


def test_the_teams_tag_is_found_by_its_filter(hub, repositories, make_repository, moderator):
    restrict(make_repository("wounds"), kind="nfaa", reason="It shows wounds.", actor=moderator)
    assert set(names(hub().list_models(filter="not-for-all-audiences"))) == {"c", "wounds"}


def test_whoever_never_wants_it_listed_has_it_in_no_list(hub, repositories, reporter, owner):
    choose_nfaa(reporter, "never", actor=reporter)
    choose_nfaa(owner, "never", actor=owner)
    assert "c" not in names(hub(reporter).list_models())
    assert names(hub(reporter).list_models(filter="not-for-all-audiences")) == []
    assert "c" in names(hub(owner).list_models())


def test_pages_of_a_filtered_list_are_followed(hub, make_repository, monkeypatch):
    for number in range(9):
        make_repository(f"model-{number}", card=FULL if number % 2 else "# {name}\n")
    monkeypatch.setattr("hub.views.lists.USUAL", 2)
    monkeypatch.setattr("repositories.feeds.WALK", 3)
    assert names(hub().list_models(filter="license:mit", sort="created_at")) == [f"model-{n}" for n in (7, 5, 3, 1)]


@pytest.mark.django_db
def test_query_count(client, repositories, django_assert_num_queries):
    with django_assert_num_queries(2):  # the page, the clock
        assert len(client.get("/api/models").json()) == 4
    with django_assert_num_queries(3):  # what matches, its rows, the clock
        assert len(client.get("/api/models?filter=license:mit").json()) == 1
