"""The palette: what it finds, for whom, and with how few queries (D4)."""

import re

import pytest
from django.contrib.auth.models import Group

from accounts.models import MODERATORS
from moderation.cases.actions import claim
from moderation.cases.models import SavedView
from repositories.models import Visibility


@pytest.fixture
def find(sign_in, moderator):
    """find("words", by=…): labels and addresses of what the palette shows."""

    def ask(text: str, by=moderator) -> dict[str, str]:
        page = sign_in(by).get("/cases/palette", {"q": text})
        assert page.status_code == 200
        options = re.findall(r'data-href="([^"]*)">\s*<bdi>(.*?)</bdi>', page.content.decode(), re.DOTALL)
        return {label.strip(): address.replace("&amp;", "&") for address, label in options}

    return ask


CASE = "Harassment and bullying: #1 How do I load this?"


@pytest.mark.parametrize("words", ["idiots", "IDIOTS people", "tiny-model", "quentin"])
def test_a_case_is_found_by_what_was_said_and_by_names(find, case, words):
    assert find(words)[CASE] == case.get_absolute_url()


@pytest.mark.parametrize("length", [6, 9, 20, 36])
def test_a_case_is_found_by_the_beginning_of_its_id(find, case, length):
    assert find(str(case.public_id)[:length])[CASE] == case.get_absolute_url()


@pytest.mark.parametrize("words", ["id", "ffffff", "nothing like this", "%%%", "\\", "'\"<b>", "-" * 36, "a" * 500])
def test_other_words_find_no_case(find, case, words):
    assert CASE not in find(words)


def test_nobody_finds_a_case_about_themselves(find, case):
    author = case.subject.author
    author.groups.add(Group.objects.get(name=MODERATORS))
    assert CASE in find("idiots")
    assert CASE not in find("idiots", by=author)
    assert CASE not in find(str(case.public_id), by=author)
    assert CASE not in find(str(case.public_id)[:8], by=author)


def test_people_are_found_by_the_beginning_of_their_name(find, reporter, author):
    found = find("qUEn")
    assert found["quentin"] == f"/cases/people/{author.public_id}"
    assert "iris" not in found
    assert find("@quentin").keys() == {"quentin"}
    assert "quentin" not in find("uentin")


def test_repositories_are_found_that_lists_show(find, make_repository):
    make_repository("open-model")
    make_repository("shut-model", visibility=Visibility.PRIVATE)
    found = find("model")
    assert found["nok/open-model"] == "/nok/open-model"
    assert "nok/shut-model" not in found


def test_saved_views_are_found_own_and_shared(find, moderator, other_moderator):
    for owner, name, shared in [(moderator, "My spam", False), (other_moderator, "Team spam", True)]:
        SavedView.objects.create(owner=owner, name=name, query="lane=open&clause=spam", shared=shared)
    SavedView.objects.create(owner=other_moderator, name="Their spam", query="lane=open")
    found = find("spam")
    assert found["My spam"] == "/cases?lane=open&clause=spam"
    assert "Team spam" in found
    assert "Their spam" not in found


def test_places_are_found_by_words_of_their_names(find, db):
    assert find("rul")["Rules"] == "/rules"
    assert find("min")["Mine"] == "/cases?lane=mine"


def test_without_words_it_shows_what_one_worked_on(find, moderator, other_moderator, many_cases):
    first, second, _third = many_cases(3)
    claim(second, actor=moderator)
    claim(first, actor=other_moderator)
    assert [one for one in find("").values() if one.count("-") == 4] == [second.get_absolute_url()]


@pytest.mark.parametrize("words", ["", "idiots", "tiny model load"])
def test_it_asks_little_and_shows_twenty_at_most(
    sign_in, moderator, make_user, make_repository, many_cases, django_assert_max_num_queries, words
):
    many_cases(9)
    for number in range(6):
        make_user(f"idiots{number}")
        make_repository(f"idiots-{number}")
        SavedView.objects.create(owner=moderator, name=f"idiots {number}", query="lane=open")
    client = sign_in(moderator)
    client.get("/cases/palette")
    with django_assert_max_num_queries(11):
        page = client.get("/cases/palette", {"q": words})
    assert page.content.decode().count('role="option"') <= 20
    assert "no-store" in page["Cache-Control"]
