"""The team's worklist of what many people use and nobody documented (A10)."""

import re

import pytest

from repositories.actions import change_settings
from repositories.models import Repository
from tests.repositories.reading import following, text_of

PAGE = "/dashboard/undocumented"
FULL = (
    "# {name}\n\n## Risks\n\nIt repeats the slurs of its data, and people who are named in it can be found.\n\n"
    "## Limitations\n\nIt reads English only and fails on long texts, because its data was short.\n\n"
    "## Intended use\n\nResearch on spam filters; not for decisions about people.\n"
)


@pytest.fixture
def hub(make_repository):
    """Repositories with downloads and what their cards lack."""

    def make(name, downloads, missing, **fields):
        row = make_repository(name, **fields)
        Repository.objects.filter(pk=row.pk).update(downloads=downloads, missing_documentation=missing)
        return row

    make("small", 10, ["risks", "limitations", "intended_use"])
    make("huge", 90_000, ["risks"])
    make("words", 500, ["limitations"], kind="dataset")
    make("told", 100_000, [])
    make("secret", 200_000, ["risks"], visibility="private")


def names(response):
    return re.findall(r'href="/(?:datasets/)?nok/[\w-]+">nok/([\w-]+)<', text_of(response))


def test_most_used_first_without_what_is_documented_or_private(sign_in, moderator, hub):
    page = sign_in(moderator).get(PAGE)
    assert names(page) == ["huge", "words", "small"]
    assert "90,000" in text_of(page)
    assert "no-store" in page["Cache-Control"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("kind=dataset", ["words"]),
        ("kind=model", ["huge", "small"]),
        ("missing=risks", ["huge", "small"]),
        ("missing=intended_use", ["small"]),
        ("kind=dataset&missing=risks", []),
        ("kind=nonsense&missing=nonsense", ["huge", "words", "small"]),
    ],
)
def test_filters(sign_in, moderator, hub, query, expected):
    assert names(sign_in(moderator).get(f"{PAGE}?{query}")) == expected


def test_owner_is_asked_in_words_that_can_be_changed(sign_in, moderator, hub):
    client = sign_in(moderator)
    ask = re.findall(r'class="button small" href="([^"]+)"', text_of(client.get(f"{PAGE}?missing=intended_use")))[0]
    assert ask.startswith("/nok/small/discussions/new?title=")
    form = text_of(client.get(ask.replace("&amp;", "&")))
    assert 'value="Would you add to the card what is missing?"' in form
    for topic in ("risks", "limitations", "intended and out-of-scope use"):
        assert f"- {topic}" in form
    assert client.get("/nok/small/discussions/1").status_code == 404  # nothing was posted yet


def test_card_that_says_it_leaves_the_list(sign_in, moderator, owner, make_repository):
    make_repository("bare")
    make_repository("told", card=FULL)
    client = sign_in(moderator)
    assert names(client.get(PAGE)) == ["bare"]
    change_settings(Repository.objects.get(name="bare"), visibility="private", actor=owner)
    assert "Nothing is missing" in text_of(client.get(PAGE))


def test_pages_go_on_where_the_last_one_ended(sign_in, moderator, make_repository):
    for number in range(53):
        row = make_repository(f"r{number}", kind=["model", "dataset", "space"][number % 3])
        Repository.objects.filter(pk=row.pk).update(downloads=number // 2, missing_documentation=["risks"])
    client = sign_in(moderator)
    first = client.get(PAGE)
    rest = client.get(PAGE + following(first))
    found = re.findall(r">nok/(r\d+)<", text_of(first) + text_of(rest))
    assert (len(found), len(set(found))) == (53, 53)
    assert client.get(f"{PAGE}?after=nonsense").status_code == 400


def test_for_the_team_only(sign_in, client, reporter, db):
    assert sign_in(reporter).get(PAGE).status_code == 404
    assert client.get(PAGE)["Location"] == f"/accounts/login/?next={PAGE}"


def test_queries_of_the_page(sign_in, moderator, hub, django_assert_num_queries):
    client = sign_in(moderator)
    with django_assert_num_queries(5):  # session, person, permissions, the rows, unread messages
        client.get(PAGE)
