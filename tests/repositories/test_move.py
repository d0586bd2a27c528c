"""Renaming and transferring: everything goes along, the old address sends people on, no name is used again."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from accounts.actions import create_organization, join_organization
from accounts.models import Namespace
from accounts.queries import system_actor
from foundation.errors import Forbidden, Refused
from moderation.subjects.lookup import find_by_address
from repositories.actions import change_settings, create_repository, like, restrict
from repositories.actions.move import move_repository
from repositories.models import FormerAddress, Repository
from tests.conftest import concurrent
from tests.repositories.reading import text_of


@pytest.fixture
def space(organization):
    """Namespaces by name."""
    return lambda name: Namespace.objects.get(name=name)


def move(repository, actor, name, namespace=None):
    return move_repository(repository, namespace=namespace or repository.namespace, name=name, actor=actor)


def form(namespace, name):
    return {"owner": namespace.pk, "name": name}


def test_owner_renames_and_everybody_is_sent_on(sign_in, owner, client, repository, discussion, reporter):
    like(repository, actor=reporter)
    response = sign_in(owner).post("/nok/tiny-model/settings/danger/move", form(repository.namespace, "Small"))
    assert (response.status_code, response["Location"]) == (303, "/nok/Small")
    for below in ("", "/files", "/raw/README.md", "/discussions/1?comment=x&y=%20z", "/moderation", "?a=b"):
        answer = client.get(f"/nok/tiny-model{below}")
        assert (answer.status_code, answer["Location"]) == (301, f"/nok/Small{below}"), below
        assert "no-store" in answer["Cache-Control"]
        assert client.get(answer["Location"]).status_code == 200, below
    assert client.head("/NOK/Tiny-Model")["Location"] == "/nok/Small"
    assert Repository.objects.get(pk=repository.pk).likes == 1


def test_what_is_sent_to_the_old_address_is_sent_on_whole(sign_in, owner, repository, reporter):
    move(repository, owner, "small")
    answer = sign_in(reporter).post("/nok/tiny-model/like", {"like": "1"})
    assert (answer.status_code, answer["Location"]) == (308, "/nok/small/like")


def test_former_addresses_follow_every_move_and_the_way_back(client, owner, repository):
    for name in ("second", "third"):
        move(repository, owner, name)
        repository.refresh_from_db()
    for name in ("tiny-model", "second"):
        assert client.get(f"/nok/{name}")["Location"] == "/nok/third"
    move(repository, owner, "tiny-model")
    assert client.get("/nok/tiny-model").status_code == 200
    assert client.get("/nok/third")["Location"] == "/nok/tiny-model"
    assert sorted(FormerAddress.objects.values_list("name", flat=True)) == ["second", "third"]


def test_other_letters_of_the_same_name_are_no_former_address(client, owner, repository):
    move(repository, owner, "Tiny-Model")
    assert client.get("/nok/tiny-model").status_code == 200
    assert not FormerAddress.objects.exists()
    with pytest.raises(Refused, match="the name it has"):
        move(repository, owner, "Tiny-Model")


def test_transfer_gives_the_rights_of_the_new_owner_and_keeps_restrictions(
    sign_in, owner, organization, repository, reporter, space
):
    join_organization(reporter, organization, role="write", actor=owner)
    restrict(repository, kind="disabled", reason="Attack code.", actor=system_actor())
    assert move(repository, owner, "tiny-model", space("mekong-lab")).full_name == "mekong-lab/tiny-model"
    client = sign_in(reporter)
    assert client.get("/mekong-lab/tiny-model/card/edit").status_code == 200
    assert client.get("/nok/tiny-model")["Location"] == "/mekong-lab/tiny-model"
    assert "Attack code." in text_of(client.get("/mekong-lab/tiny-model"))


def test_search_finds_the_new_name(client, owner, repository):
    move(repository, owner, "crocodile")
    assert "/nok/crocodile" in text_of(client.get("/search?q=crocodile"))


def test_names_are_not_used_again(sign_in, owner, make_repository, repository, space):
    other = make_repository("other")
    move(repository, owner, "small")
    for name in ("tiny-model", "Tiny-Model"):
        with pytest.raises(Refused, match="not used again"):
            create_repository(space("nok"), name, kind="model", actor=owner)
        with pytest.raises(Refused, match="not used again"):
            move(other, owner, name)
    assert create_repository(space("nok"), "tiny-model", kind="dataset", actor=owner)  # another address
    refused = sign_in(owner).post("/nok/other/settings/danger/move", form(space("nok"), "small"))
    assert refused.status_code == 422
    assert "Names are not used again" in text_of(refused)
    other.refresh_from_db()
    assert other.name == "other"


@pytest.mark.parametrize("name", ["", "a b", "x.git", "-x", "ก", "a" * 97])
def test_bad_names(sign_in, owner, repository, name):
    answer = sign_in(owner).post("/nok/tiny-model/settings/danger/move", form(repository.namespace, name))
    assert answer.status_code == 422
    with pytest.raises(ValidationError):
        move(repository, owner, name)


@pytest.mark.parametrize("role", ["read", "contributor", "write"])
def test_admin_on_both_sides(make_user, make_repository, organization, owner, reporter, role, space, sign_in):
    ours, own = make_repository("ours", owner=organization), make_repository("own", owner=reporter)
    join_organization(reporter, organization, role=role, actor=owner)
    with pytest.raises(Forbidden):
        move(ours, reporter, "ours", space("iris"))
    with pytest.raises(Forbidden):
        move(own, reporter, "own", space("mekong-lab"))
    with pytest.raises(Forbidden):
        move(own, reporter, "own", space("nok"))
    client = sign_in(reporter)
    assert client.post("/mekong-lab/ours/settings/danger/move", form(space("iris"), "ours")).status_code == 403
    assert client.post("/iris/own/settings/danger/move", form(space("mekong-lab"), "own")).status_code == 422
    assert client.get("/mekong-lab/ours/settings/danger").status_code == 403


def test_visitor_signs_in_and_comes_back_to_the_page(client, repository):
    page = "/nok/tiny-model/settings/danger"
    assert client.get(page)["Location"] == f"/accounts/login/?next={page}"
    for below in ("/move", "/delete"):
        assert client.post(page + below)["Location"] == f"/accounts/login/?next={page}"


def test_form_offers_what_the_actor_manages(sign_in, owner, organization, make_user, repository):
    stranger = make_user("somebody")
    create_organization("not-mine", actor=stranger)
    page = text_of(sign_in(owner).get("/nok/tiny-model/settings/danger"))
    assert "mekong-lab" in page
    assert "not-mine" not in page


def test_private_moved_and_missing_are_one_answer_and_cost_the_same(
    sign_in, reporter, owner, repository, make_repository, django_assert_num_queries
):
    make_repository("secret", visibility="private")
    move(repository, owner, "small")
    change_settings(repository, visibility="private", actor=owner)
    client, bodies = sign_in(reporter), []
    for name in ("secret", "small", "tiny-model", "never-there"):
        # session, person, whether it lies here, whether it did before, two permissions, unread messages
        with django_assert_num_queries(6):
            answer = client.get(f"/nok/{name}")
        assert answer.status_code == 404
        bodies.append(text_of(answer).replace(name, "NAME").partition("<main")[2])
    assert len(set(bodies)) == 1
    # Whoever sees it is sent on.
    assert sign_in(owner).get("/nok/tiny-model")["Location"] == "/nok/small"


def test_team_and_reports_follow_the_old_address(owner, repository, discussion, reporter):
    move(repository, owner, "small")
    assert find_by_address("/nok/tiny-model", reporter) == repository
    assert find_by_address("/nok/tiny-model/discussions/1", reporter) == discussion


@concurrent
def test_nobody_takes_a_name_in_the_moment_it_is_left(owner, repository):
    space = repository.namespace

    def leave():
        move(Repository.objects.get(pk=repository.pk), owner, "small")

    def take():
        create_repository(space, "tiny-model", kind="model", actor=owner)

    def run(action):
        try:
            action()
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        codes = list(pool.map(run, [leave, take, take, take]))
    assert codes == [None, "exists", "exists", "exists"]
    assert Repository.objects.get().name == "small"
