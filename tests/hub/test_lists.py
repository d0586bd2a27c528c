"""list_models and its filters (A6; checks 15, 17, 18)."""

import pytest
from huggingface_hub.errors import BadRequestError

from repositories.actions import like, restrict
from repositories.models import Gating, Restriction, Visibility

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


def test_downgraded_and_disabled_leave_the_lists(hub, repositories, make_repository, moderator, owner):
    for number, kind in enumerate(Restriction.Kind):
        restrict(make_repository(f"bad-{number}"), kind=kind, reason="Spam.", actor=moderator)
    assert not [name for name in names(hub().list_models(sort="trending_score")) if name.startswith("bad")]
    own = {one.id: one.disabled for one in hub(owner).list_models()}
    assert (own["nok/bad-0"], own["nok/bad-1"]) == (False, True)


def test_unknown_order(hub, repositories):
    with pytest.raises(BadRequestError, match="Unknown sort"):
        list(hub().list_models(sort="beauty"))


@pytest.mark.parametrize("query", ["after=x", "limit=%EF%BC%95", "limit=0", "expand=x"])
def test_bad_queries(client, repository, query):
    response = client.get(f"/api/models?{query}")
    assert response.status_code == 400
    assert response.json()["error"]


@pytest.mark.django_db
def test_query_count(client, repositories, django_assert_num_queries):
    with django_assert_num_queries(3):  # the page, what is disabled of it, the clock
        assert len(client.get("/api/models").json()) == 4
