"""Lists and the front page: order, paging, filters, and what leaves and returns (A6)."""

from datetime import timedelta

import pytest

from accounts.actions import choose_nfaa
from accounts.queries import system_actor
from foundation import clock
from repositories.actions import change_settings, commit, count_download, like, restrict
from repositories.queries import listed_for, listed_parts
from repositories.trending import HALF_LIFE
from tests.repositories.reading import following, names, part, text_of

NFAA = "---\ntags: [not-for-all-audiences]\n---\n# {name}\n\n![A picture](picture.png)\n"


def shy(*people):
    """The same people, never shown what is not for all audiences."""
    for person in people:
        choose_nfaa(person, "never", actor=person)
    return people


@pytest.fixture
def three(make_repository):
    now = clock.now()
    made = []
    for number, name in enumerate(["first", "second", "third"]):
        with clock.importing(now - timedelta(days=3 - number)):
            made.append(make_repository(name))
    return made


def test_orders(client, three, reporter, author):
    first, second, _third = three
    now = clock.now()
    with clock.importing(now - timedelta(days=60)):
        like(first, actor=reporter)
        like(first, actor=author)
    like(second, actor=reporter)
    assert names(client.get("/models")) == ["second", "first", "third"]
    assert names(client.get("/models?order=newest")) == ["third", "second", "first"]
    assert names(client.get("/models?order=likes")) == ["first", "second", "third"]
    count_download(first, actor=None)
    assert names(client.get("/models?order=downloads"))[0] == "first"
    commit(first, {"a.txt": b"A."}, actor=first.created_by, message="Add a file")
    assert names(client.get("/models?order=updated")) == ["first", "third", "second"]
    assert names(client.get("/models?order=nonsense")) == ["second", "first", "third"]


def test_each_kind_has_its_list(client, make_repository):
    make_repository("words", kind="dataset")
    make_repository("play", kind="space")
    assert names(client.get("/datasets")) == ["words"]
    assert names(client.get("/spaces")) == ["play"]
    assert names(client.get("/models")) == []


@pytest.mark.parametrize("order", ["trending", "newest", "likes", "downloads", "updated"])
def test_pages_hold_everything_once(client, make_repository, order):
    made = [make_repository(f"number-{number}") for number in range(35)]
    restrict(made[3], kind="downgraded", reason="Why.", actor=system_actor())
    first = client.get(f"/models?order={order}")
    second = client.get("/models" + following(first))
    found = names(first) + names(second)
    assert (len(names(first)), len(found), len(set(found))) == (30, 34, 34)
    assert "number-3" not in found
    assert not following(second)
    assert f'href="?order={order}">First page' in " ".join(text_of(second).split())


@pytest.mark.parametrize("after", ["nonsense", "W10", "WyJ4IiwieCJd", "WzEsMl0x", "%FF"])
def test_forged_page_is_refused(client, three, after):
    assert client.get(f"/models?after={after}").status_code == 400


def test_cursor_of_another_order_is_no_fault_of_ours(client, make_repository):
    for number in range(31):
        make_repository(f"number-{number}")
    cursor = following(client.get("/models?order=newest")).partition("after=")[2]
    for order in ("trending", "likes", "downloads"):
        assert client.get(f"/models?order={order}&after={cursor}").status_code == 400


def test_filters_of_the_address(client, make_repository):
    make_repository("thai", card="---\ntags: [chat, 'ก ข']\nlanguage: [th, en]\n---\n# {name}\n")
    make_repository("other", card="---\ntags: chatty\nlanguage: th\n---\n# {name}\n")
    assert names(client.get("/models?tag=chat")) == ["thai"]
    assert names(client.get("/models", {"tag": "ก ข", "language": "en"})) == ["thai"]
    assert set(names(client.get("/models?language=th"))) == {"thai", "other"}
    assert names(client.get("/models?tag=chat&language=de")) == []


def test_restricted_ones_leave_and_come_back_by_themselves(client, three, pass_time):
    for kind, repository in zip(["downgraded", "disabled"], three, strict=False):
        ends = clock.now() + timedelta(hours=48)
        restrict(repository, kind=kind, reason="Why.", actor=system_actor(), ends_at=ends)
    assert names(client.get("/models")) == ["third"]
    assert names(client.get("/search?q=nok")) == ["third"]
    pass_time(timedelta(hours=48, seconds=1))
    assert names(client.get("/models?order=newest")) == ["third", "second", "first"]
    assert set(names(client.get("/search?q=nok"))) == {"first", "second", "third"}
    assert set(names(client.get("/"))) == {"first", "second", "third"}


def test_restriction_without_an_end_stays(client, three, pass_time):
    restrict(three[0], kind="downgraded", reason="Why.", actor=system_actor())
    ends = clock.now() + timedelta(hours=1)
    restrict(three[0], kind="disabled", reason="Why.", actor=system_actor(), ends_at=ends)
    pass_time(timedelta(hours=2))
    assert set(names(client.get("/models"))) == {"second", "third"}


def test_team_and_owner_see_restricted_ones_with_their_state(three, sign_in, owner, moderator, reporter):
    restrict(three[0], kind="downgraded", reason="Why.", actor=system_actor())
    for person in (owner, moderator):
        page = sign_in(person).get("/models")
        assert set(names(page)) == {"first", "second", "third"}
        assert page.content.decode().count('class="tag downgraded"') == 1
    assert set(names(sign_in(reporter).get("/models"))) == {"second", "third"}


def test_private_ones_are_listed_for_their_owner_only(client, three, sign_in, owner, moderator):
    change_settings(three[0], actor=owner, visibility="private")
    assert set(names(sign_in(owner).get("/models"))) == {"first", "second", "third"}
    for visitor in (client, sign_in(moderator)):
        assert set(names(visitor.get("/models"))) == {"second", "third"}


def test_parts_of_a_list_have_no_row_in_common_and_none_is_missing(
    three, organization, make_repository, owner, moderator
):
    restrict(three[0], kind="downgraded", reason="Why.", actor=system_actor())
    ended = clock.now() - timedelta(hours=1)
    with clock.importing(ended - timedelta(hours=1)):
        restrict(three[1], kind="downgraded", reason="Why.", actor=system_actor(), ends_at=ended)
    make_repository("ours", owner=organization, visibility="private")
    make_repository("mine", visibility="private")
    make_repository("tagged", card=NFAA)
    make_repository("sealed", card=NFAA, visibility="private")
    for viewer in (None, owner, moderator, *shy(owner, moderator)):
        together = [row.pk for part in listed_parts(viewer) for row in part]
        assert sorted(together) == sorted(listed_for(viewer).values_list("pk", flat=True))


def test_front_page_shows_every_kind(client, make_repository):
    for kind in ("model", "dataset", "space"):
        make_repository(f"a-{kind}", kind=kind)
    page = client.get("/")
    assert names(page) == ["a-model", "a-dataset", "a-space", "a-space", "a-dataset", "a-model"]


def test_front_page_of_an_empty_hub(client, db):
    assert "Nothing is trending yet." in client.get("/").content.decode()


def test_queries_of_lists_do_not_grow(client, sign_in, moderator, make_repository, django_assert_num_queries):
    for number in range(12):
        made = make_repository(f"number-{number}")
        if number % 2:
            restrict(made, kind="downgraded", reason="Why.", actor=system_actor())
    with django_assert_num_queries(2):  # the first of the list, for its facets, and the page
        client.get("/models")
    with django_assert_num_queries(2):
        client.get("/models?tag=text&license=apache-2.0&gated=no")
    with django_assert_num_queries(6):
        client.get("/")
    signed_in = sign_in(moderator)
    with django_assert_num_queries(8):  # session, person, permissions, unread messages, own side, readers
        signed_in.get("/models")


@pytest.mark.parametrize("address", ["/models", "/models?order=newest", "/search?q=nok", "/", "/nok"])
def test_what_is_not_for_all_audiences_is_listed_with_its_tag_and_no_image(client, make_repository, address):
    make_repository("plain")
    make_repository("tagged", card=NFAA)
    page = client.get(address)
    assert set(names(page)) == {"plain", "tagged"}
    assert 'class="tag nfaa"' in text_of(page)
    assert "<img" not in part(page, "main")


def test_whoever_never_wants_it_listed_has_it_in_no_list(client, make_repository, sign_in, reporter):
    make_repository("plain")
    make_repository("tagged", card=NFAA)
    choose_nfaa(reporter, "never", actor=reporter)
    visitor = sign_in(reporter)
    for address in ("/models", "/models?order=likes", "/search?q=nok", "/models?nfaa=yes", "/", "/nok"):
        assert "tagged" not in names(visitor.get(address)), address
    choose_nfaa(reporter, "show", actor=reporter)
    assert set(names(visitor.get("/models"))) == {"plain", "tagged"}


def test_the_own_ones_stay_listed(make_repository, sign_in, owner, organization):
    choose_nfaa(owner, "never", actor=owner)
    make_repository("tagged", card=NFAA)
    make_repository("ours", card=NFAA, owner=organization, visibility="private")
    assert set(names(sign_in(owner).get("/models"))) == {"tagged", "ours"}


def test_a_tag_of_the_team_counts_at_once_until_it_ends_by_itself(
    make_repository, sign_in, reporter, moderator, pass_time
):
    choose_nfaa(reporter, "never", actor=reporter)
    visitor = sign_in(reporter)
    made = make_repository("plain")
    ends = clock.now() + timedelta(hours=72)
    restrict(made, kind="nfaa", reason="It shows wounds.", actor=moderator, ends_at=ends)
    assert names(visitor.get("/models")) == []
    assert 'class="tag nfaa"' in text_of(sign_in(moderator).get("/models"))
    pass_time(timedelta(hours=73))
    assert 'class="tag nfaa"' not in text_of(sign_in(moderator).get("/models"))


def test_every_order_says_how_it_comes_about(client, three):
    assert f"half after {HALF_LIFE.days} days" in text_of(client.get("/models"))
    assert "score = Σ weight × 2^(−age ÷ 7 days)" in text_of(client.get("/models"))
    for order in ("newest", "likes", "downloads", "updated"):
        assert "How this order comes about" in text_of(client.get(f"/models?order={order}"))


def test_a_profile_walks_the_index_of_its_namespace(client, make_repository, three, django_assert_num_queries):
    for number in range(55):
        make_repository(f"number-{number}")
    first = client.get("/nok")
    second = client.get("/nok" + following(first))
    assert names(first)[0] == "number-54"
    assert names(first) + names(second) == [f"number-{number}" for number in reversed(range(55))] + [
        "third", "second", "first"
    ]  # fmt: skip
