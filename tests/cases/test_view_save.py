"""Saved views of the queue: own, shared, counted, and never showing what their reader may not see."""

import uuid

import pytest
from django.contrib.auth.models import Group

from foundation.errors import Forbidden
from moderation.cases.actions.views import MOST_VIEWS, delete_view, save_view
from moderation.cases.models import SavedView
from moderation.policy.lanes import CHILD_SAFETY
from moderation.policy.models import Lane
from tests.cases.test_queue import listed

QUERY = "clause=harassment&kind=comment"


@pytest.fixture
def view(moderator):
    return save_view("Insults", QUERY, shared=False, actor=moderator)


@pytest.fixture
def shared(other_moderator):
    return save_view("What Tomas shares", "lane=unclaimed&q=idiots", shared=True, actor=other_moderator)


def menu(client, **query: str) -> str:
    return client.get("/cases/views/counts", query).content.decode()


@pytest.mark.parametrize("path", ["", "/counts", "/{id}"])
def test_strangers_and_others_find_nothing(client, sign_in, reporter, view, path):
    address = "/cases/views" + path.format(id=view.public_id)
    assert client.get(address).status_code == 302
    assert sign_in(reporter).get(address).status_code == 404


@pytest.mark.parametrize("path", ["save", "{id}/rename", "{id}/delete"])
def test_only_its_owner_changes_it_and_only_by_post(sign_in, reporter, other_moderator, moderator, view, path):
    address = f"/cases/views/{path.format(id=view.public_id)}"
    assert sign_in(moderator).get(address).status_code == 405
    assert sign_in(reporter).post(address, {"name": "Mine now"}).status_code == 404
    if "save" not in path:
        assert sign_in(other_moderator).post(address, {"name": "Mine now"}).status_code == 404
    assert SavedView.objects.get().name == "Insults"


def test_the_present_address_is_saved_under_a_name(sign_in, moderator):
    client = sign_in(moderator)
    sent = {"name": "  Thai   spam ", "query": "lane=mine&clause=spam&language=&after=abc&since=4"}
    answer = client.post("/cases/views/save", sent)
    view = SavedView.objects.get()
    assert (view.name, view.query, view.shared, view.owner) == ("Thai spam", "clause=spam&lane=mine", False, moderator)
    assert answer["Location"] == "/cases?clause=spam&lane=mine"


def test_the_same_name_replaces_it(view, moderator, other_moderator):
    save_view("Insults", "kind=user", shared=True, actor=moderator)
    save_view("Insults", "kind=user", shared=True, actor=other_moderator)
    assert list(SavedView.objects.filter(owner=moderator).values_list("query", "shared")) == [("kind=user", True)]


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "\u202eabc"])
def test_bad_names_are_refused_with_words(sign_in, moderator, name):
    answer = sign_in(moderator).post("/cases/views/save", {"name": name, "query": QUERY})
    assert answer.status_code == 422
    assert not SavedView.objects.exists()


def test_too_long_and_too_many_are_refused(sign_in, moderator):
    client = sign_in(moderator)
    assert client.post("/cases/views/save", {"name": "Long", "query": "q=" + "a" * 1_001}).status_code == 422
    for number in range(MOST_VIEWS):
        save_view(f"View {number}", "", shared=False, actor=moderator)
    assert client.post("/cases/views/save", {"name": "One more", "query": ""}).status_code == 422
    assert client.post("/cases/views/save", {"name": "View 1", "query": QUERY}).status_code == 303


def test_the_menu_counts_own_and_shared_ones(sign_in, moderator, view, shared, case, report, repository):
    report(repository, "spam")
    page = menu(sign_in(moderator), clause="harassment", kind="comment")
    assert page.index("Insults") < page.index("What Tomas shares")
    assert page.count('class="count">1<') == 2
    assert 'aria-current="page"' in page.split("What Tomas shares")[0]


def test_what_is_not_shared_is_nobody_elses(sign_in, other_moderator, view):
    client = sign_in(other_moderator)
    assert "Insults" not in menu(client)
    assert client.get(f"/cases/views/{view.public_id}").status_code == 404


def test_a_shared_one_stays_when_its_owner_leaves(sign_in, moderator, shared, case):
    shared.owner.groups.clear()
    shared.owner.is_active = False
    shared.owner.save()
    client = sign_in(moderator)
    assert "What Tomas shares" in menu(client)
    answer = client.get(f"/cases/views/{shared.public_id}", follow=True)
    assert listed(answer) == [str(case.public_id)]


def test_a_view_shows_its_reader_only_what_they_may_see(sign_in, moderator, other_moderator, make_repository, report):
    save_view("Spam", "clause=spam", shared=True, actor=other_moderator)
    report(make_repository("hers", owner=moderator, actor=moderator), "spam")
    assert 'class="count"' not in menu(sign_in(moderator))
    assert 'class="count">1<' in menu(sign_in(other_moderator))


def test_a_view_of_a_closed_lane_is_there_for_its_people_only(sign_in, moderator, other_moderator):
    other_moderator.groups.add(Group.objects.get_or_create(name=CHILD_SAFETY)[0])
    assert Lane.objects.get(code="minors").group is not None
    save_view("The hard ones", "lane=minors", shared=True, actor=other_moderator)
    assert "The hard ones" not in menu(sign_in(moderator))
    assert "The hard ones" in menu(sign_in(other_moderator))


def test_rename_share_and_delete(sign_in, moderator, view):
    client = sign_in(moderator)
    client.post(f"/cases/views/{view.public_id}/rename", {"name": "Rude words", "shared": "on"})
    view.refresh_from_db()
    assert (view.name, view.shared) == ("Rude words", True)
    save_view("Taken", "", shared=False, actor=moderator)
    answer = client.post(f"/cases/views/{view.public_id}/rename", {"name": "Taken"})
    assert answer.status_code == 422
    assert "another view of this name" in answer.content.decode()
    client.post(f"/cases/views/{view.public_id}/delete")
    assert not SavedView.objects.filter(pk=view.pk).exists()


def test_nobody_deletes_by_the_action_what_is_not_theirs(view, other_moderator):
    with pytest.raises(Forbidden):
        delete_view(view, actor=other_moderator)


def test_an_old_view_whose_filters_are_gone_is_no_fault(sign_in, moderator):
    SavedView.objects.create(owner=moderator, name="Old", query="clause=gone&q=ab&lane=gone&due=x")
    client = sign_in(moderator)
    assert client.get("/cases/views").status_code == 200
    assert client.get(f"/cases/views/{uuid.uuid4()}").status_code == 404


def test_queries_do_not_grow_with_the_views(sign_in, moderator, django_assert_max_num_queries):
    for number in range(8):
        save_view(f"View {number}", f"kind=comment&lane={('open', 'mine')[number % 2]}", shared=False, actor=moderator)
    client = sign_in(moderator)
    with django_assert_max_num_queries(10):
        client.get("/cases/views/counts")
